/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a performance showed: its sentences, the runs with the stretch of time to look at, what the
 * options of the question would look like there, and what was expected. The file is seen.json, beside
 * the traces of the runs (NAME.oncpu).
 */
#ifndef ONCPU_DEMO_SEEN_H
#define ONCPU_DEMO_SEEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SEEN_FILE	  "seen.json"
#define SEEN_RUNS	  4
#define SEEN_SENTENCES	  4
#define SEEN_EXPECTATIONS 12
#define SEEN_FLAGS	  6
#define SEEN_THREADS	  8
#define SEEN_TEXT	  400

enum seen_outcome {
	SEEN_HELD, /* all that was expected */
	SEEN_FAILED,
	SEEN_INCONCLUSIVE, /* the machine is to blame: why says how */
};

struct seen_flag { /* an option of the question, or what was seen, as an instant of the picture */
	unsigned int option; /* 1 the first; 0: what was seen */
	uint64_t at_ns;
};

struct seen_run {
	char name[32], title[128];	/* its trace is NAME.oncpu */
	char caption[SEEN_TEXT];	/* what there is to see in it; "": it has no picture */
	uint64_t from_ns, to_ns;	/* the decisive stretch, from the start of the command */
	uint32_t threads[SEEN_THREADS]; /* the rows of the picture; none: all of the target's */
	size_t nr_threads;
	struct seen_flag flags[SEEN_FLAGS];
	size_t nr_flags;
	bool pile;  /* the flags are shares: times are pushed together, a thread after the other */
	bool marks; /* below each row those of its thread */
	bool starved; /* the guest did not get its CPUs */
};

struct seen_expectation {
	char name[96], saw[SEEN_TEXT];
	bool held;
};

struct seen {
	char demo[64], kernel[64], set[128]; /* "NN-slug", "7.3.4", "nice=5" */
	enum seen_outcome outcome;
	char why[SEEN_TEXT]; /* of INCONCLUSIVE */
	bool lacking;	     /* of INCONCLUSIVE: it cannot be had here, however often it is tried */
	unsigned int tries;
	unsigned int answer; /* the option that was seen; 0: none of them */
	bool answered;	     /* else it is the question's right one */
	unsigned int first;  /* the run whose picture is shown first */
	struct seen_run runs[SEEN_RUNS];
	char sentences[SEEN_SENTENCES][SEEN_TEXT];
	struct seen_expectation expectations[SEEN_EXPECTATIONS];
	size_t nr_runs, nr_sentences, nr_expectations;
};

const char *seen_outcome_name(enum seen_outcome o);

/* 0 or -errno; reading: -EBADMSG where it is none. */
int seen_write(const struct seen *s, const char *folder);
int seen_read(struct seen *s, const char *folder);

#endif
