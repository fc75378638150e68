/* SPDX-License-Identifier: GPL-2.0 */
/* The runs of each contestant, and what they come to: medians, with the spread over the runs. */
#ifndef ONCPU_RACE_RESULTS_H
#define ONCPU_RACE_RESULTS_H

#include <stdio.h>

#include "race/theory.h"
#include "view/view.h"

struct race_result {
	const char *name;	   /* as it was written: "mlfq,slice_us=2000" */
	struct theory_rules rules; /* what it should do */
	struct race_run *runs;
	struct theory_said *said; /* of each run */
	size_t nr_runs;
	char trouble[1200]; /* why there are fewer runs than were asked for; "": nothing */
};

/* Takes a run over. 0 or -ENOMEM: then it is freed. */
int race_result_add(struct race_result *r, struct race_run *run);
void race_result_free(struct race_result *r);

struct race_spread {
	double median, least, most; /* NAN: no run has one */
};
struct race_spread race_spread_of(const struct race_result *r, enum race_measure measure);
/* Likewise, of what theory says. */
struct race_spread race_theory_of(const struct race_result *r, enum race_measure measure);

/* The run whose turnaround is the median: that one is shown. nr_runs: there is none. */
size_t race_typical(const struct race_result *r);

/* How many runs got each verdict; returns how many got any. */
size_t race_verdicts(const struct race_result *r, size_t counts[THEORY_DIFFERS + 1]);
/* "agrees", "2 agree, 1 differs" */
void race_verdict_words(const struct race_result *r, char *buf, size_t size);

/* "rt-fifo agrees with first in, first out: ..." "" where there were no runs. Returns snprintf's count. */
#define RACE_SENTENCE 384
int race_theory_sentence(const struct race_result *r, char *buf, size_t size);

struct race_measure_words {
	const char *name, *unit, *meaning;
	double one; /* how much of it is 1 as it is shown */
	int decimals;
};
extern const struct race_measure_words race_measure_words[NR_RACE_MEASURES];
/* As many digits as tell something; "-" where there is none. */
void race_number(char *buf, size_t size, enum race_measure measure, double value);

/* What is common to table, picture and page. */
struct race {
	const char *command;
	unsigned int nr_runs; /* asked for, of each */
	struct race_cpus cpus;
	const struct race_result *results;
	size_t n;
};

/* "Each ran 3 times on CPU 1, in turns: ..." */
void race_headline(const struct race *race, char *buf, size_t size);

/* 0 or -EIO. */
int race_print_table(FILE *out, const struct race *race, const struct view_term_options *options);

#endif
