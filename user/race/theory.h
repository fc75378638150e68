/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the textbooks' schedulers would have made of the very jobs of a run: of their measured arrivals,
 * lengths and weights, with decisions that take no time. Pure.
 *
 *	FIFO		who came first runs to its end
 *	SJF		whoever is the shortest of those there, to its end (by the length that it was told
 *			to have, where all were told; else by the measured one). Of some that are as
 *			long, theory does not say which goes first: it is asked in the run's order
 *	round robin	each in its turn for a slice; who comes goes to the end of the queue
 *	shares		while jobs compete, each gets its share by weight (metrics.h: fair_ns)
 *	lottery		... on average: each slice is drawn, a weight is so many tickets
 *
 * The first three need jobs that do not sleep. What they give is turnaround and response of each job;
 * the last two give shares. A run agrees where no job is further off than is allowed (see theory.c), and
 * is undecided where it might be within that, had the CPUs not stood still under its jobs.
 */
#ifndef ONCPU_RACE_THEORY_H
#define ONCPU_RACE_THEORY_H

#include "race/metrics.h"

enum theory {
	THEORY_NONE,
	THEORY_FIFO,
	THEORY_SJF,
	THEORY_ROUND_ROBIN,
	THEORY_SHARES,
	THEORY_LOTTERY,
};

/* A contestant of that name ("rt-rr", "sjf"). */
enum theory theory_of(const char *name);
const char *theory_words(enum theory t); /* "round robin" */

struct theory_rules {
	enum theory theory;
	unsigned int nr_cpus;
	uint64_t slice_ns; /* 0: not known, or none */
	uint64_t tick_ns;  /* the kernel ends slices at its ticks */
};

enum theory_verdict { THEORY_AGREES, THEORY_UNDECIDED, THEORY_DIFFERS };

struct theory_said {
	const char *without; /* there is no theory for this run: why; NULL: there is */
	double measures[NR_RACE_MEASURES]; /* NAN: it says nothing of that */
	enum theory_verdict verdict;
	/* The job that is furthest off, by what is allowed to it; got and by_theory: ns of that measure
	 * (RACE_FAIRNESS: of CPU while they competed). */
	size_t job;
	enum race_measure measure;
	double got_ns, theory_ns, allowed_ns;
};

/* 0 or -ENOMEM. */
int theory_ask(struct theory_said *said, const struct race_run *r,
	       const struct theory_rules *rules);

/* What it would be. In: by arrival. Out: response_ns, turnaround_ns. 0, -ENOMEM, or -EINVAL: not one of
 * the first three, or without a slice. */
struct theory_job {
	uint64_t arrival_ns, length_ns;
	uint64_t rank_ns; /* SJF: goes first where it is smaller */
	uint64_t
		began_ns; /* ... where it is not, whoever did in the run: either is right; 0: who came first */
	double response_ns, turnaround_ns;
};
int theory_simulate(const struct theory_rules *rules, struct theory_job *jobs, size_t n);

#endif
