// SPDX-License-Identifier: GPL-2.0
/* Which jobs there were in a run, and when they came and went. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "race/job.h"
#include "race/parts.h"

#define NICE_0_PRIO 120
#define PRIO_MIN    100

static bool wants_cpu(const struct interval *i)
{
	return i->state == STATE_RUNNING || i->state == STATE_RUNNABLE;
}

/* Of real time and deadline tasks nobody weighs anything: they are all alike. */
static unsigned int weight_of(const struct interval *i)
{
	int prio = (int)i->prio - PRIO_FIRST;

	if (i->prio == PRIO_UNKNOWN || i->prio == PRIO_DEADLINE || prio < PRIO_MIN)
		return nice_weight(0);
	return nice_weight(prio - NICE_0_PRIO);
}

/* From the interval in which it began: back to where it last slept, or ended another job. */
static bool begin_at(struct race_job *j, const struct thread *t, uint64_t began_ns,
		     uint64_t not_before_ns)
{
	const struct interval *i = model_at(t, began_ns), *end = t->intervals + t->nr_intervals;

	while (i && i < end && i->state != STATE_RUNNING)
		i++; /* the clocks of marks and records may differ by a little */
	if (!i || i == end)
		return false;
	j->weight = weight_of(i);
	while (i > t->intervals && wants_cpu(i - 1) && i->start_ns > not_before_ns)
		i--;
	j->arrival_ns = i->start_ns > not_before_ns ? i->start_ns : not_before_ns;
	for (; i < end && i->state != STATE_RUNNING; i++)
		;
	j->began_ns = i->start_ns > j->arrival_ns ? i->start_ns : j->arrival_ns;
	return true;
}

struct search {
	struct race_run *r;
	const struct model *m;
	struct {
		uint64_t ended_ns; /* its last job */
		uint64_t told_ns;  /* of the next */
	} *threads;
};

static void add(struct search *s, size_t thread, uint64_t began_ns, uint64_t end_ns)
{
	struct race_job *j = &s->r->jobs[s->r->nr_jobs];

	*j = (struct race_job){ .thread = thread,
				.end_ns = end_ns,
				.told_ns = s->threads[thread].told_ns };
	snprintf(j->name, sizeof(j->name), "%.*s", ONCPU_COMM_LEN, s->m->threads[thread].comm);
	if (!begin_at(j, &s->m->threads[thread], began_ns, s->threads[thread].ended_ns) ||
	    j->end_ns <= j->began_ns)
		return;
	s->threads[thread].ended_ns = end_ns;
	s->threads[thread].told_ns = 0;
	s->r->nr_jobs++;
}

/* Marks come in order of time, and the job's began before. */
static void add_stall(struct search *s, const struct mark *k)
{
	size_t i = s->r->nr_jobs;

	while (i && s->r->jobs[i - 1].thread != k->thread)
		i--;
	if (i && k->start_ns <= s->r->jobs[i - 1].end_ns)
		s->r->jobs[i - 1].stalled_ns += k->value * 1000;
}

static void take_mark(struct search *s, const struct mark *k)
{
	const char *name = model_mark_name(s->m, k->name);

	if (k->thread >= s->m->nr_threads || !s->m->threads[k->thread].target)
		return;
	if (k->point && !strcmp(name, JOB_MARK_LENGTH))
		s->threads[k->thread].told_ns = k->value * 1000;
	else if (k->point && !strcmp(name, JOB_MARK_STALL))
		add_stall(s, k);
	else if (!k->point && !k->no_begin && !strcmp(name, JOB_MARK))
		add(s, k->thread, k->start_ns, k->end_ns);
}

/* Nobody marked any: its threads, as far as they are within the span of the command. */
static void take_threads(struct search *s)
{
	const struct model *m = s->m;
	const struct thread *t;

	for (t = m->threads; t < m->threads + m->nr_threads; t++) {
		if (!t->target || t->end_ns <= m->span_start_ns)
			continue;
		s->threads[t - m->threads].ended_ns = m->span_start_ns;
		add(s, (size_t)(t - m->threads),
		    t->start_ns > m->span_start_ns ? t->start_ns : m->span_start_ns,
		    t->end_ns < m->span_end_ns ? t->end_ns : m->span_end_ns);
	}
}

static int by_arrival(const void *a, const void *b)
{
	const struct race_job *x = a, *y = b;

	if (x->arrival_ns != y->arrival_ns)
		return x->arrival_ns < y->arrival_ns ? -1 : 1;
	return x->thread != y->thread ? x->thread < y->thread ? -1 : 1 : 0;
}

int race_find_jobs(struct race_run *r, const struct model *m)
{
	struct search s = { .r = r, .m = m };
	size_t i;

	r->jobs = calloc(m->nr_marks + m->nr_threads + 1, sizeof(*r->jobs));
	s.threads = calloc(m->nr_threads + 1, sizeof(*s.threads));
	if (!r->jobs || !s.threads) {
		free(s.threads);
		return -ENOMEM;
	}
	for (i = 0; i < m->nr_marks; i++)
		take_mark(&s, &m->marks[i]);
	if (!r->nr_jobs)
		take_threads(&s);
	free(s.threads);
	qsort(r->jobs, r->nr_jobs, sizeof(*r->jobs), by_arrival);
	return r->nr_jobs ? 0 : -ENODATA;
}
