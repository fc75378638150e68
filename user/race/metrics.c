// SPDX-License-Identifier: GPL-2.0
/* The measures of a run, from its jobs; see metrics.h. */
#include <errno.h>
#include <math.h>
#include <stdlib.h>

#include "race/parts.h"

#define NS_PER_S 1e9

bool piece_next(struct piece *p, const struct race_job *j, const struct thread *t)
{
	const struct interval *end = t->intervals + t->nr_intervals;

	do {
		p->i = p->i ? p->i + 1 : model_at(t, j->arrival_ns);
		if (!p->i || p->i >= end || p->i->start_ns >= j->end_ns)
			return false;
		p->from_ns = p->i->start_ns > j->arrival_ns ? p->i->start_ns : j->arrival_ns;
		p->to_ns = p->i->end_ns < j->end_ns ? p->i->end_ns : j->end_ns;
	} while (p->from_ns >= p->to_ns);
	return true;
}

static void count_job(struct race_job *j, const struct thread *t)
{
	struct piece p = { 0 };
	bool ran = false;
	int cpu = -1;

	for (; piece_next(&p, j, t); ran = p.i->state == STATE_RUNNING) {
		if (p.i->state == STATE_RUNNABLE)
			j->waited_ns += p.to_ns - p.from_ns;
		else if (p.i->state != STATE_RUNNING)
			j->slept_ns += p.to_ns - p.from_ns;
		else {
			j->ran_ns += p.to_ns - p.from_ns;
			j->nr_switches += !ran || cpu != p.i->cpu;
			j->nr_migrations += cpu >= 0 && cpu != p.i->cpu;
			cpu = p.i->cpu;
		}
	}
}

/* Idle time counts in the time that jobs competed: then each CPU had somebody to run. */
static uint64_t count_cpu(struct race_run *r, const struct cpu *c, const struct contest *contest)
{
	const struct cpu_interval *i;
	uint64_t from, to, busy_ns = 0;

	for (i = c->intervals; i < c->intervals + c->nr_intervals; i++) {
		from = i->start_ns > r->start_ns ? i->start_ns : r->start_ns;
		to = i->end_ns < r->end_ns ? i->end_ns : r->end_ns;
		if (from >= to)
			continue;
		if (i->tid)
			busy_ns += to - from;
		else
			r->idle_ns += contest_overlap(contest, from, to);
	}
	return busy_ns;
}

static void count_cpus(struct race_run *r, const struct model *m, struct race_cpus cpus,
		       const struct contest *contest)
{
	uint64_t busy_ns = 0, ran_ns = 0;
	unsigned int cpu;
	size_t i;

	for (cpu = cpus.first; cpu < cpus.first + cpus.nr && cpu < m->nr_cpus; cpu++)
		busy_ns += count_cpu(r, &m->cpus[cpu], contest);
	for (i = 0; i < r->nr_jobs; i++)
		ran_ns += r->jobs[i].ran_ns;
	r->others_ns = busy_ns > ran_ns ? busy_ns - ran_ns : 0;
}

double race_jain(const double *x, size_t n)
{
	double sum = 0, squares = 0;
	size_t i;

	for (i = 0; i < n; i++) {
		sum += x[i];
		squares += x[i] * x[i];
	}
	return squares > 0 ? sum * sum / ((double)n * squares) : NAN;
}

/* Only of jobs that were ever in a contest. */
static int fairness(struct race_run *r)
{
	double *x = calloc(r->nr_jobs, sizeof(*x));
	size_t i, n = 0;

	if (!x)
		return -ENOMEM;
	for (i = 0; i < r->nr_jobs; i++)
		if (r->jobs[i].fair_ns > 0)
			x[n++] = r->jobs[i].got_ns / r->jobs[i].fair_ns;
	r->measures[RACE_FAIRNESS] = race_jain(x, n);
	free(x);
	return 0;
}

static void sum_up(struct race_run *r)
{
	const double n = (double)r->nr_jobs;
	const struct race_job *j;

	for (j = r->jobs; j < r->jobs + r->nr_jobs; j++) {
		r->measures[RACE_TURNAROUND] += (double)(j->end_ns - j->arrival_ns) / n;
		r->measures[RACE_RESPONSE] += (double)(j->began_ns - j->arrival_ns) / n;
		r->measures[RACE_WAIT] += (double)j->waited_ns / n;
		r->measures[RACE_SWITCHES] += (double)j->nr_switches;
		r->measures[RACE_MIGRATIONS] += (double)j->nr_migrations;
	}
	r->measures[RACE_THROUGHPUT] = n * NS_PER_S / (double)(r->end_ns - r->start_ns);
}

static void find_ends(struct race_run *r)
{
	size_t i;

	r->start_ns = r->jobs[0].arrival_ns;
	for (i = 0; i < r->nr_jobs; i++)
		r->end_ns = r->jobs[i].end_ns > r->end_ns ? r->jobs[i].end_ns : r->end_ns;
}

int race_run_make(struct race_run *r, const struct model *m, struct race_cpus cpus)
{
	struct contest contest = { 0 };
	size_t i;
	int err;

	*r = (struct race_run){ 0 };
	err = race_find_jobs(r, m);
	if (err)
		return err;
	find_ends(r);
	for (i = 0; i < r->nr_jobs; i++)
		count_job(&r->jobs[i], &m->threads[r->jobs[i].thread]);
	err = contest_find(&contest, r, m, cpus.nr);
	if (!err)
		count_cpus(r, m, cpus, &contest);
	contest_free(&contest);
	if (!err)
		err = fairness(r);
	sum_up(r);
	return err;
}

void race_run_free(struct race_run *r)
{
	free(r->jobs);
	*r = (struct race_run){ 0 };
}
