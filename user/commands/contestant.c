// SPDX-License-Identifier: GPL-2.0
/* Who can take part in a race; see contestant.h. */
#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "commands/contestant.h"
#include "sched/ext.h"
#include "sched/policy.h"

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

/* "rr,slice_us=2000". 0 or -errno with why; policy_end() it in any case. */
static int open_policy(struct policy **p, const char *word, char *why, size_t why_size)
{
	char *words = strdup(word), *rest = NULL, *name, *setting;
	int err = -ENOMEM;

	*p = NULL;
	if (!words)
		return err;
	name = strtok_r(words, ",", &rest);
	err = policy_open(p, name ? name : word, why, why_size);
	while (!err && (setting = strtok_r(NULL, ",", &rest)))
		err = policy_set(*p, setting, why, why_size);
	free(words);
	return err;
}

static uint64_t slice_of(const struct policy *p)
{
	const struct policy_knob *knobs;
	size_t n, i;

	knobs = policy_knobs(p, &n);
	for (i = 0; i < n; i++)
		if (!strcmp(knobs[i].name, "slice_us"))
			return knobs[i].value * 1000;
	return 0;
}

/* A knob may make another policy of it, but for these two. */
static bool is_as_its_name_says(const char *word)
{
	const char *s;

	for (s = strchr(word, ','); s; s = strchr(s + 1, ','))
		if (strncmp(s, ",slice_us=", strlen(",slice_us=")) != 0 &&
		    strncmp(s, ",seed=", strlen(",seed=")) != 0)
			return false;
	return true;
}

static int find_policy(struct contestant *c, char *why, size_t why_size)
{
	struct policy *p;
	int err = open_policy(&p, c->word, why, why_size);

	if (!err) {
		c->is_ext = true;
		if (is_as_its_name_says(c->word))
			c->rules.theory = theory_of(policy_name(p));
		c->rules.slice_ns = slice_of(p);
		err = ext_check(why, why_size);
	} else {
		err = -EINVAL;
	}
	policy_end(p);
	return err;
}

int contestant_find(struct contestant *c, const char *word, char *why, size_t why_size)
{
	size_t i;

	*c = (struct contestant){ .word = word, .rules = { .tick_ns = tick_ns() } };
	for (i = 0; i < NR_KERNEL && strcmp(kernel[i].name, word) != 0; i++)
		;
	if (i == NR_KERNEL)
		return find_policy(c, why, why_size);
	c->policy = kernel[i].policy;
	c->priority = kernel[i].priority;
	c->rules.theory = theory_of(word);
	c->rules.slice_ns = c->policy == SCHED_RR ? real_time_slice_ns()
			    : c->priority	  ? 0
						  : FAIR_SLICE_NS;
	return 0;
}

void contestants_print(FILE *f)
{
	char **names = NULL, why[512];
	struct policy *p;
	size_t n = 0, i;

	fprintf(f, "The kernel's own:\n");
	for (i = 0; i < NR_KERNEL; i++)
		fprintf(f, "  %-10s %s\n", kernel[i].name, kernel[i].help);
	if (!policy_list(&names, &n, why, sizeof(why)) && n)
		fprintf(f,
			"Policies to be read ('oncpu sched' tells more; rr,slice_us=2000 turns a "
			"knob):\n");
	for (i = 0; i < n; i++) {
		if (!policy_open(&p, names[i], why, sizeof(why)))
			fprintf(f, "  %-10s %s\n", names[i], policy_sentence(p));
		policy_end(p);
		free(names[i]);
	}
	free(names);
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
	if (running->is_ext)
		return ext_take(target);
	return sched_setscheduler(target, running->policy, &param) ? -errno : 0;
}

static int run_under_policy(const struct contestant *c, struct session_options *o,
			    struct session_result *result, char *why, size_t why_size)
{
	struct policy *p;
	int err = open_policy(&p, c->word, why, why_size);

	if (!err)
		err = policy_begin(p, false, why, why_size);
	if (!err) {
		o->decisions = policy_decisions(p);
		err = session_run(o, result, why, why_size);
		if (policy_was_thrown_out(p, why, why_size))
			err = -ECANCELED;
	}
	policy_end(p);
	return err;
}

int contestant_run(const struct contestant *c, struct race_cpus cpus, struct session_options *o,
		   struct session_result *result, char *why, size_t why_size)
{
	running = c;
	running_on = cpus;
	o->adopt = adopt;
	return c->is_ext ? run_under_policy(c, o, result, why, why_size)
			 : session_run(o, result, why, why_size);
}
