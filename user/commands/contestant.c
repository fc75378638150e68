// SPDX-License-Identifier: GPL-2.0
/* Who can take part in a race; see contestant.h. */
#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "commands/contestant.h"

#define REAL_TIME_PRIORITY \
	10 /* any: nobody else has one, and the kernel's own threads may go first */
#define FAIR_SLICE_NS 2800000u /* the most that kernels since 6.6 have by default */

static const struct {
	const char *name;
	int policy, priority;
	const char *help;
} kernel[] = {
	{ "eevdf", SCHED_OTHER, 0, "the fair class, as every program has it (SCHED_OTHER)" },
	{ "batch", SCHED_BATCH, 0, "... where who wakes up preempts nobody (SCHED_BATCH)" },
	{ "rt-fifo", SCHED_FIFO, REAL_TIME_PRIORITY, "real time: each runs until it sleeps" },
	{ "rt-rr", SCHED_RR, REAL_TIME_PRIORITY, "real time: in turns, of 100 ms by default" },
};
#define NR_KERNEL (sizeof(kernel) / sizeof(*kernel))

/* Who runs now: adopt() is not told. */
static const struct contestant *running;
static struct race_cpus running_on;

/* The coarse clock moves once a tick. */
static uint64_t tick_ns(void)
{
	struct timespec ts = { 0 };

	clock_getres(CLOCK_MONOTONIC_COARSE, &ts);
	return (uint64_t)ts.tv_nsec;
}

static uint64_t real_time_slice_ns(void)
{
	unsigned int ms = 0;
	FILE *f = fopen("/proc/sys/kernel/sched_rr_timeslice_ms", "re");

	if (f && fscanf(f, "%u", &ms) != 1)
		ms = 0;
	if (f)
		fclose(f);
	return ms * 1000000ull;
}

int contestant_find(struct contestant *c, const char *word, char *why, size_t why_size)
{
	size_t i;

	for (i = 0; i < NR_KERNEL; i++) {
		if (strcmp(kernel[i].name, word) != 0)
			continue;
		*c = (struct contestant){ .word = word,
					  .policy = kernel[i].policy,
					  .priority = kernel[i].priority,
					  .rules = { .theory = theory_of(word),
						     .tick_ns = tick_ns() } };
		c->rules.slice_ns = c->policy == SCHED_RR ? real_time_slice_ns()
				    : c->priority	  ? 0
							  : FAIR_SLICE_NS;
		return 0;
	}
	snprintf(why, why_size, "there is no scheduler '%s'", word);
	return -EINVAL;
}

void contestants_print(FILE *f)
{
	size_t i;

	for (i = 0; i < NR_KERNEL; i++)
		fprintf(f, "  %-10s %s\n", kernel[i].name, kernel[i].help);
}

/* Before its first instruction; what it forks inherits both. */
static int adopt(pid_t target)
{
	const struct sched_param param = { .sched_priority = running->priority };
	cpu_set_t set;
	unsigned int i;

	CPU_ZERO(&set);
	for (i = 0; i < running_on.nr; i++)
		CPU_SET(running_on.first + i, &set);
	if (sched_setaffinity(target, sizeof(set), &set))
		return -errno;
	return sched_setscheduler(target, running->policy, &param) ? -errno : 0;
}

int contestant_run(const struct contestant *c, struct race_cpus cpus, struct session_options *o,
		   struct session_result *result, char *why, size_t why_size)
{
	running = c;
	running_on = cpus;
	o->adopt = adopt;
	return session_run(o, result, why, why_size);
}
