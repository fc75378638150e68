/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Jobs of known lengths, as "oncpu jobs" runs them and theory counts with them: how one is written.
 *
 *	LENGTH[/BURST+SLEEP][@ARRIVAL][:WEIGHT]		times in ms
 *
 *	200		200 ms of CPU, ready to run at once
 *	50@20		50 ms of CPU, ready 20 ms after the first could be
 *	100:3		three times as much as a job of weight 1 that it shares a CPU with
 *	60/3+10		60 ms of CPU, in bursts of 3 ms; after each it sleeps for 10 ms
 */
#ifndef ONCPU_RACE_JOB_H
#define ONCPU_RACE_JOB_H

#include <stddef.h>
#include <stdint.h>

#define JOB_MARK "job" /* an interval: from its first instruction to its last */
#define JOB_MARK_LENGTH \
	"length" /* a point, before it can be ready: what it is going to take, in us */
#define JOB_MARK_STALL "stalled" /* a point, before its end: us that the CPU stood still under it */
#define JOBS_MOST      256

struct job {
	uint64_t length_ns, arrival_ns;
	uint64_t burst_ns, sleep_ns; /* 0: it never sleeps */
	unsigned int weight;
	int nice; /* what the kernel is told of the weight */
};

/* One word of a command line. 0 or -EINVAL. */
int job_parse(struct job *j, const char *word);

/*
 * Nice values for the weights: the heaviest has 0, since whoever is not root can only go up from
 * there. -ERANGE: one is too light for that, by more than the kernel's 68:1.
 */
int jobs_weigh(struct job *jobs, size_t n);

/* What the kernel makes of a nice value, -20 to 19: 1024 for 0, a quarter more or less for each step. */
unsigned int nice_weight(int nice);

#endif
