// SPDX-License-Identifier: GPL-2.0
/* Sums over the threads of the command; see totals.h. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/totals.h"

struct sums {
	struct total_wait *list;
	size_t n, room;
};

/* Few different things are waited for, so the last one found is likely the next. */
static int add_wait(struct sums *s, const char *what, uint64_t ns)
{
	struct total_wait *more;
	size_t i;

	for (i = s->n; i > 0 && strcmp(s->list[i - 1].what, what) != 0; i--)
		;
	if (i) {
		s->list[i - 1].ns += ns;
		s->list[i - 1].nr++;
		return 0;
	}
	if (s->n == s->room) {
		s->room = s->room ? 2 * s->room : 64;
		more = reallocarray(s->list, s->room, sizeof(*more));
		if (!more)
			return -ENOMEM;
		s->list = more;
	}
	s->list[s->n] = (struct total_wait){ .ns = ns, .nr = 1 };
	snprintf(s->list[s->n++].what, MODEL_TEMPLATE, "%s", what);
	return 0;
}

/* "a futex": an address says nothing from one run to the next. */
static void name_wait(const struct model *m, const struct interval *i, char *buf, size_t size)
{
	char *address;

	model_awaited(m, i, buf, size);
	address = strstr(buf, " 0x");
	if (address)
		*address = '\0';
}

static int add_waits(struct sums *s, const struct model *m, const struct thread *t)
{
	char what[MODEL_TEMPLATE];
	const struct interval *i;
	uint64_t ns;
	int err = 0;

	for (i = t->intervals; i < t->intervals + t->nr_intervals && !err; i++) {
		if (i->state != STATE_SLEEPING && i->state != STATE_BLOCKED)
			continue;
		ns = model_in_span(m, i->start_ns, i->end_ns);
		if (!ns)
			continue;
		name_wait(m, i, what, sizeof(what));
		err = add_wait(s, what, ns);
	}
	return err;
}

static int longest_first(const void *a, const void *b)
{
	const struct total_wait *x = a, *y = b;

	if (x->ns != y->ns)
		return x->ns > y->ns ? -1 : 1;
	return strcmp(x->what, y->what);
}

static void add_thread(struct totals *t, const struct thread *thread)
{
	t->nr_threads++;
	t->ran_ns += thread->total_ns[STATE_RUNNING];
	t->runnable_ns += thread->total_ns[STATE_RUNNABLE];
	t->slept_ns += thread->total_ns[STATE_SLEEPING] + thread->total_ns[STATE_BLOCKED] +
		       thread->total_ns[STATE_STOPPED];
	t->voluntary += thread->nr_voluntary;
	t->involuntary += thread->nr_involuntary;
	t->migrations += thread->nr_migrations;
	t->wakeups += thread->nr_wakeups;
	if (thread->latency_max_ns > t->latency_max_ns)
		t->latency_max_ns = thread->latency_max_ns;
}

int totals_make(struct totals *t, const struct model *m)
{
	struct sums s = { 0 };
	size_t i;
	int err = 0;

	memset(t, 0, sizeof(*t));
	t->took_ns = m->span_end_ns - m->span_start_ns;
	t->peak = m->peak_parallel;
	for (i = 2; i < sizeof(m->parallel_ns) / sizeof(*m->parallel_ns); i++)
		t->together_ns += m->parallel_ns[i];
	for (i = 0; i < m->nr_threads && !err; i++) {
		if (!m->threads[i].target)
			continue;
		add_thread(t, &m->threads[i]);
		err = add_waits(&s, m, &m->threads[i]);
	}
	if (s.n)
		qsort(s.list, s.n, sizeof(*s.list), longest_first);
	t->waits = s.list;
	t->nr_waits = s.n;
	return err;
}

void totals_free(struct totals *t)
{
	free(t->waits);
	t->waits = NULL;
}
