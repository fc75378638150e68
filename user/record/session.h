/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A recording, from the check of the output file to the last byte in it.
 */
#ifndef ONCPU_RECORD_SESSION_H
#define ONCPU_RECORD_SESSION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/trace.h"
#include "record/counters.h"
#include "record/source.h"
#include "record/target.h"

#define SESSION_MAX_PIDS 64

struct decisions;
struct meta;
struct symbols;

struct session_parts {
	const struct meta *meta;
	const struct source *source; /* the only one */
	struct symbols *symbols;     /* NULL: addresses stay numbers. It sees no record by itself */
};

/* Somebody who looks on while it is recorded (oncpu live). Then there is no file. */
struct session_watch {
	void *arg;
	int (*begin)(void *arg, const struct session_parts *p); /* the recorder runs. 0 or -errno */
	rings_put *put;
	/* All that happened until then was put, on CPUs that have not too much of it. */
	void (*drained)(void *arg, uint64_t until_ns);
	/* A few times a tenth of a second. end: of the command, or NULL. False: to end it. */
	bool (*look)(void *arg, const struct target_end *end);
};

struct session_options {
	const char *path;		    /* of the trace file */
	const struct session_watch *watch;  /* NULL: a file is written */
	const char *user;		    /* NULL: target_fork() decides */
	char *const *argv;		    /* of the target; NULL: what runs already is recorded */
	bool module, bpf;		    /* sources */
	struct counters counters;	    /* asked for, and opened; bpf reads them */
	struct source_options source;	    /* what all of them record; the session adds the tids */
	uint64_t cpus[TRACE_MAX_CPUS / 64]; /* for source.cpus to point to */
	pid_t pids[SESSION_MAX_PIDS];	    /* processes that run already, and are recorded */
	size_t nr_pids;
	unsigned int seconds; /* without a target, or a file: how long; 0: until a signal comes */
	double limit_s;	      /* with a target: it is killed then, unrecorded; 0: it has all time */
	struct decisions *decisions; /* of the scheduler it runs under; NULL: none are recorded */
	int (*adopt)(pid_t target);  /* called before its first instruction; NULL: nobody */
	void (*look)(void *arg);     /* now and then, while it runs; NULL: nobody */
	void *look_arg;
	void (*tell)(const char *text); /* what a person must know while it goes on; NULL: nobody */
};

struct session_result {
	bool released;	       /* the target was let go: end is valid */
	int exec_err;	       /* 0, or the -errno its exec failed with */
	struct target_end end; /* of the target */
	bool cut;	       /* it had not ended: who looked on did not want to see more */
	bool timed_out;	       /* it came to limit_s: end is our kill */
	bool interrupted;      /* a person asked it to end */
	size_t nr_left;	       /* processes it left behind, now killed */
	bool recorded[TRACE_NR_SOURCES];
	uint64_t records[TRACE_NR_SOURCES], lost[TRACE_NR_SOURCES];
	uint64_t file_bytes;
};

/* 0, or -errno with a sentence for a person in why (what is wrong and the mend). */
int session_run(const struct session_options *o, struct session_result *result, char *why,
		size_t why_size);

#endif
