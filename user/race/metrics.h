/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a scheduler made of a run, in the textbooks' measures. Pure: a model in, numbers out.
 *
 * A job is what a thread of the command marked as "job" (as "oncpu jobs" does, see job.h); where nobody
 * marked any, each of its threads is one, from its birth to its end.
 *
 *	arrival		when it could first run: the wake-up (or birth) behind which it began
 *	response	from there until it first had a CPU
 *	turnaround	from its arrival to its end
 *	wait		how much of that it could run, and had no CPU
 *	length		how much of that it had one: measured in this very run
 *	fairness	Jain's index (sum x)^2 / (n * sum x^2): 1 where all x are equal, 1/n where one has
 *			it all. Each job's x is the CPU time that it got while more jobs could run than
 *			there were CPUs, over what equal shares (by weight) would have given it then. So
 *			neither different lengths nor different arrivals count as unfair. Where jobs never
 *			competed there is none.
 *	switches	how often a job was put on a CPU
 *	migrations	... and that was not the one it had before
 *	throughput	jobs that ended, over the time from the first arrival to the last end
 *
 * Of a run, turnaround, response and wait are the means over its jobs.
 */
#ifndef ONCPU_RACE_METRICS_H
#define ONCPU_RACE_METRICS_H

#include "model/model.h"

struct race_job {
	size_t thread;		       /* index into the model */
	char name[ONCPU_COMM_LEN + 1]; /* its thread's */
	unsigned int
		weight; /* the kernel's, of its nice value: 1024 is usual; of real time likewise */
	uint64_t arrival_ns, began_ns, end_ns; /* the trace's clock */
	uint64_t ran_ns, waited_ns, slept_ns;
	uint64_t stalled_ns; /* part of ran_ns: the CPU stood still, and the job noticed */
	uint64_t told_ns;    /* the length that it was told to have; 0: not told */
	uint64_t nr_switches, nr_migrations;
	double got_ns, fair_ns; /* while jobs competed: what it got, and what was its share */
	double chance_ns; /* the sum of share * (1 - share) * time: of draws by share the variance */
};

enum race_measure {
	RACE_TURNAROUND, /* ns */
	RACE_RESPONSE,	 /* ns */
	RACE_WAIT,	 /* ns */
	RACE_FAIRNESS,	 /* 1: fair; NAN: they never competed */
	RACE_SWITCHES,
	RACE_MIGRATIONS,
	RACE_THROUGHPUT, /* jobs a second */
	NR_RACE_MEASURES
};

/* The CPUs that the command could use: first to first + nr - 1. */
struct race_cpus {
	unsigned int first, nr;
};

struct race_run {
	struct race_job
		*jobs; /* by arrival; those that came together by the order of their threads */
	size_t nr_jobs;
	uint64_t start_ns, end_ns; /* the first arrival, the last end */
	uint64_t others_ns;	   /* of those CPUs, in that time: had by somebody who is no job */
	uint64_t idle_ns;	   /* ... and by nobody, though a job could have run */
	double measures[NR_RACE_MEASURES];
	const char *path; /* of its trace, where who recorded it says so */
};

/* 0, -ENOMEM, or -ENODATA: none of its threads ran. race_run_free() it in any case. */
int race_run_make(struct race_run *r, const struct model *m, struct race_cpus cpus);
void race_run_free(struct race_run *r);

/* Jain's index; NAN of nothing. */
double race_jain(const double *x, size_t n);

#endif
