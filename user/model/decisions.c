// SPDX-License-Identifier: GPL-2.0
/*
 * Decisions: what a scheduler of ours did with a thread, and why.
 *
 * It decides where a thread waits in the instant before that becomes able to run, or has just lost its
 * CPU: so its words stand a little before the interval that they bring about.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/text.h"
#include "model/build.h"

#define MOST_BETWEEN 64 /* intervals between two on a CPU, whatever a file may say */

static int by_thread(const void *a, const void *b)
{
	const struct decision *x = a, *y = b;

	if (x->thread != y->thread)
		return x->thread < y->thread ? -1 : 1;
	return (x->time_ns > y->time_ns) - (x->time_ns < y->time_ns);
}

static bool take(struct model *m, const struct oncpu_record *r, struct decision *d)
{
	const struct thread *t = model_thread_at(m, r->decision.tid, r->time_ns);

	if (r->type != ONCPU_DECISION || !t)
		return false;
	*d = (struct decision){ .time_ns = r->time_ns,
				.slice_us = r->decision.slice_us,
				.number = r->decision.number,
				.thread = (uint32_t)(t - m->threads),
				.queue = r->decision.queue,
				.why = r->decision.why };
	return true;
}

static void hand_out(struct model *m)
{
	struct thread *t;
	size_t i;

	for (i = 0; i < m->nr_decisions; i++) {
		t = &m->threads[m->decisions[i].thread];
		if (!t->nr_decisions++)
			t->decisions = &m->decisions[i];
	}
}

int model_decisions(struct build *b)
{
	const struct trace_stream *s = &b->t->decisions;
	struct model *m = b->m;
	size_t i;

	m->policy = &b->t->policy;
	m->nr_decisions_lost = s->lost;
	if (!s->n)
		return 0;
	m->decisions = calloc(s->n, sizeof(*m->decisions));
	if (!m->decisions)
		return -ENOMEM;
	for (i = 0; i < s->n; i++)
		m->nr_decisions += take(m, &s->records[i], &m->decisions[m->nr_decisions]);
	qsort(m->decisions, m->nr_decisions, sizeof(*m->decisions), by_thread);
	hand_out(m);
	return 0;
}

/* How many of the thread's were not later than that. */
static size_t until(const struct thread *t, uint64_t time_ns)
{
	size_t low = 0, high = t->nr_decisions, middle;

	while (low < high) {
		middle = low + (high - low) / 2;
		if (t->decisions[middle].time_ns <= time_ns)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* When it last got a CPU before this interval; or some time after that, where much came in between. */
static uint64_t last_run(const struct thread *t, const struct interval *i)
{
	const struct interval *first =
		i - t->intervals > MOST_BETWEEN ? i - MOST_BETWEEN : t->intervals;

	while (i-- > first)
		if (i->state == STATE_RUNNING)
			return i->start_ns;
	return first > t->intervals ? first->start_ns : 0;
}

const struct decision *model_decision(const struct thread *t, const struct interval *i)
{
	uint64_t from_ns;
	size_t n;

	if (!t->nr_decisions || (i->state != STATE_RUNNABLE && i->state != STATE_RUNNING))
		return NULL;
	from_ns = last_run(t, i);
	for (n = until(t, i->state == STATE_RUNNING ? i->start_ns : i->end_ns); n > 0; n--) {
		if (t->decisions[n - 1].time_ns <= from_ns)
			return NULL;
		if (t->decisions[n - 1].queue != ONCPU_DECISION_STAY)
			return &t->decisions[n - 1];
	}
	return NULL;
}

/* The text of its reason, and its number in the place of the #. */
static void say_why(const struct trace_policy *p, const struct decision *d, char *buf, size_t size)
{
	const char *text = NULL, *at;
	size_t i;

	for (i = 0; p && i < p->nr_why; i++)
		if (p->why[i].id == d->why)
			text = p->why[i].text;
	at = text ? strchr(text, '#') : NULL;
	if (at)
		snprintf(buf, size, ": %.*s%u%s", (int)(at - text), text, d->number, at + 1);
	else
		snprintf(buf, size, "%s%s", text ? ": " : "", text ? text : "");
}

static void say_how_long(const struct decision *d, char *buf, size_t size)
{
	char slice[32];

	text_duration(d->slice_us * 1000ull, slice, sizeof(slice));
	if (d->slice_us == ONCPU_DECISION_NO_END)
		snprintf(buf, size, " for as long as it likes");
	else
		snprintf(buf, size, " for %s", slice);
}

int model_decision_words(const struct model *m, const struct decision *d, char *buf, size_t size)
{
	const struct trace_policy *p = m->policy;
	const char *name = p && p->name ? p->name : "the scheduler";
	char why[160], how_long[64];

	say_why(p, d, why, sizeof(why));
	say_how_long(d, how_long, sizeof(how_long));
	switch (d->queue) {
	case ONCPU_DECISION_STAY:
		return snprintf(buf, size, "%s let it go on%s%s", name, how_long, why);
	case ONCPU_DECISION_CHOSEN:
		return snprintf(buf, size, "%s chose it%s%s", name, how_long, why);
	case ONCPU_DECISION_NOWHERE:
		return snprintf(buf, size, "%s put it into no queue%s", name, why);
	}
	if (p && p->nr_queues == 1)
		return snprintf(buf, size, "%s put it into its queue%s%s", name, how_long, why);
	return snprintf(buf, size, "%s put it into queue %u%s%s", name, d->queue, how_long, why);
}
