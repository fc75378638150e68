// SPDX-License-Identifier: GPL-2.0
/* A run held against what theory makes of its jobs; see theory.h. */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "race/theory.h"

/*
 * What is allowed between a run and theory, for a job. All of it was measured in the same run, and is no
 * doing of the policy's, or is how the kernel ends slices:
 *
 *   - what others had of the CPUs. Who runs, and for how long, is known to the last nanosecond: if
 *     neither were others nor a CPU idle, first in, first out would agree exactly;
 *   - a CPU that is idle while somebody could run, but not more than half a millisecond for each time that
 *     a job was put on a CPU: that is what a decision takes in an emulated machine, not what a policy
 *     takes that leaves it idle;
 *   - a millisecond for the arrivals, which one interrupt makes one after the other;
 *   - slices end at a tick, so each may be one too long. In round robin a response has one of these for
 *     each job before. (A turnaround may have a whole round more, if what remains of the job at last does
 *     not fit into its slice: it is shown, and not judged.);
 *   - shares come in slices: at any time one slice (and a tick) more or less than is due. Drawn ones vary
 *     by chance: three standard deviations, beyond which a right lottery is once in 400 times.
 *
 * Where slices count and CPUs stood still under jobs, no tick could end a slice meanwhile. That is the
 * doing of the host of an emulated machine: then a run further off is undecided, by as much.
 */
#define IDLE_NS	   500000.0
#define ARRIVE_NS  1000000.0
#define DEVIATIONS 3.0
#define SLEPT_MOST 1000000u /* more is no page fault, but a job that sleeps */

static const struct {
	const char *name;
	enum theory theory;
} names[] = {
	{ "fifo", THEORY_FIFO },	 { "rt-fifo", THEORY_FIFO },
	{ "sjf", THEORY_SJF },		 { "rr", THEORY_ROUND_ROBIN },
	{ "rt-rr", THEORY_ROUND_ROBIN }, { "fair", THEORY_SHARES },
	{ "eevdf", THEORY_SHARES },	 { "batch", THEORY_SHARES },
	{ "lottery", THEORY_LOTTERY },
};

enum theory theory_of(const char *name)
{
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (!strcmp(names[i].name, name))
			return names[i].theory;
	return THEORY_NONE;
}

const char *theory_words(enum theory t)
{
	static const char *const words[] = {
		[THEORY_NONE] = "no theory",	      [THEORY_FIFO] = "first in, first out",
		[THEORY_SJF] = "shortest job first",  [THEORY_ROUND_ROBIN] = "round robin",
		[THEORY_SHARES] = "shares by weight", [THEORY_LOTTERY] = "shares by tickets",
	};

	return words[t];
}

/* One job and measure. The one that is furthest off, for what is allowed to it, is kept. */
static void hold(struct theory_said *said, const struct theory_said *one, double in_doubt_ns)
{
	double off_ns = fabs(one->got_ns - one->theory_ns);
	enum theory_verdict verdict = off_ns <= one->allowed_ns			? THEORY_AGREES
				      : off_ns <= one->allowed_ns + in_doubt_ns ? THEORY_UNDECIDED
										: THEORY_DIFFERS;

	if (verdict > said->verdict)
		said->verdict = verdict;
	if (said->allowed_ns > 0 &&
	    off_ns / one->allowed_ns <= fabs(said->got_ns - said->theory_ns) / said->allowed_ns)
		return;
	said->job = one->job;
	said->measure = one->measure;
	said->got_ns = one->got_ns;
	said->theory_ns = one->theory_ns;
	said->allowed_ns = one->allowed_ns;
}

static bool all_told(const struct race_run *r)
{
	size_t i;

	for (i = 0; i < r->nr_jobs; i++)
		if (!r->jobs[i].told_ns)
			return false;
	return true;
}

static double allowed_to_all(const struct race_run *r)
{
	double idle = (double)r->idle_ns, most = IDLE_NS * r->measures[RACE_SWITCHES];

	return (double)r->others_ns + (idle < most ? idle : most) + ARRIVE_NS;
}

static double stalled(const struct race_run *r)
{
	double sum = 0;
	size_t i;

	for (i = 0; i < r->nr_jobs; i++)
		sum += (double)r->jobs[i].stalled_ns;
	return sum;
}

static void hold_times(struct theory_said *said, const struct race_run *r,
		       const struct theory_job *jobs, const struct theory_rules *rules)
{
	bool turns = rules->theory == THEORY_ROUND_ROBIN;
	struct theory_said one = { .measure = RACE_RESPONSE, .allowed_ns = allowed_to_all(r) };
	double in_doubt_ns = turns ? stalled(r) : 0;
	const struct race_job *j = r->jobs;

	one.allowed_ns += turns ? (double)r->nr_jobs * (double)rules->tick_ns : 0;
	for (one.job = 0; one.job < r->nr_jobs; one.job++, j++) {
		one.measure = RACE_RESPONSE;
		one.got_ns = (double)(j->began_ns - j->arrival_ns);
		one.theory_ns = jobs[one.job].response_ns;
		hold(said, &one, in_doubt_ns);
		if (turns)
			continue;
		one.measure = RACE_TURNAROUND;
		one.got_ns = (double)(j->end_ns - j->arrival_ns);
		one.theory_ns = jobs[one.job].turnaround_ns;
		hold(said, &one, in_doubt_ns);
	}
}

static void take_means(struct theory_said *said, const struct theory_job *jobs, size_t nr)
{
	double n = (double)nr, turnaround = 0, response = 0, length = 0;
	size_t i;

	for (i = 0; i < nr; i++) {
		turnaround += jobs[i].turnaround_ns / n;
		response += jobs[i].response_ns / n;
		length += (double)jobs[i].length_ns / n;
	}
	said->measures[RACE_TURNAROUND] = turnaround;
	said->measures[RACE_RESPONSE] = response;
	said->measures[RACE_WAIT] = turnaround - length;
}

static int ask_times(struct theory_said *said, const struct race_run *r,
		     const struct theory_rules *rules)
{
	struct theory_job *jobs = calloc(r->nr_jobs, sizeof(*jobs));
	bool told = all_told(r);
	size_t i;
	int err;

	if (!jobs)
		return -ENOMEM;
	for (i = 0; i < r->nr_jobs; i++)
		jobs[i] = (struct theory_job){ .arrival_ns = r->jobs[i].arrival_ns,
					       .length_ns = r->jobs[i].ran_ns,
					       .began_ns = r->jobs[i].began_ns,
					       .rank_ns = told ? r->jobs[i].told_ns
							       : r->jobs[i].ran_ns };
	err = theory_simulate(rules, jobs, r->nr_jobs);
	if (!err) {
		take_means(said, jobs, r->nr_jobs);
		hold_times(said, r, jobs, rules);
	}
	free(jobs);
	return err;
}

static void ask_shares(struct theory_said *said, const struct race_run *r,
		       const struct theory_rules *rules)
{
	double slice = (double)rules->slice_ns + (double)rules->tick_ns;
	struct theory_said one = { .measure = RACE_FAIRNESS };
	const struct race_job *j = r->jobs;

	for (one.job = 0; one.job < r->nr_jobs; one.job++, j++) {
		if (j->fair_ns <= 0)
			continue;
		one.got_ns = j->got_ns;
		one.theory_ns = j->fair_ns;
		one.allowed_ns = allowed_to_all(r) + slice;
		if (rules->theory == THEORY_LOTTERY)
			one.allowed_ns += DEVIATIONS * sqrt(slice * j->chance_ns);
		hold(said, &one, stalled(r));
	}
	said->measures[RACE_FAIRNESS] = 1;
}

static const char *why_not(const struct race_run *r, const struct theory_rules *rules)
{
	bool shares = rules->theory == THEORY_SHARES || rules->theory == THEORY_LOTTERY;
	size_t i;

	if (rules->theory == THEORY_NONE)
		return "the textbooks have no formula for it";
	if (shares && rules->nr_cpus > 1)
		return "with more CPUs than one, each has its own queue";
	if (shares && isnan(r->measures[RACE_FAIRNESS]))
		return "its jobs never competed";
	if (rules->theory == THEORY_ROUND_ROBIN && !rules->slice_ns)
		return "its slice is not known";
	for (i = 0; i < r->nr_jobs && !shares; i++)
		if (r->jobs[i].slept_ns > SLEPT_MOST)
			return "its jobs sleep";
	return NULL;
}

int theory_ask(struct theory_said *said, const struct race_run *r, const struct theory_rules *rules)
{
	int i;

	*said = (struct theory_said){ .without = why_not(r, rules) };
	for (i = 0; i < NR_RACE_MEASURES; i++)
		said->measures[i] = NAN;
	if (said->without)
		return 0;
	if (rules->theory < THEORY_SHARES)
		return ask_times(said, r, rules);
	ask_shares(said, r, rules);
	return 0;
}
