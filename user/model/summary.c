// SPDX-License-Identifier: GPL-2.0
/* Picking what fits on one screen. Every order is total, so that equal traces give equal text. */
#include <errno.h>
#include <stdlib.h>

#include "model/summary.h"

uint64_t summary_slept_ns(const struct thread *t)
{
	return t->total_ns[STATE_SLEEPING] + t->total_ns[STATE_BLOCKED] +
	       t->total_ns[STATE_STOPPED];
}

static bool is_wait(const struct interval *i)
{
	return i->state == STATE_RUNNABLE || i->state == STATE_SLEEPING ||
	       i->state == STATE_BLOCKED || i->state == STATE_STOPPED;
}

static bool longer(const struct summary_wait *a, const struct summary_wait *b)
{
	uint64_t x = a->interval->end_ns - a->interval->start_ns;
	uint64_t y = b->interval->end_ns - b->interval->start_ns;

	if (x != y)
		return x > y;
	if (a->interval->start_ns != b->interval->start_ns)
		return a->interval->start_ns < b->interval->start_ns;
	return a->thread->tid < b->thread->tid;
}

static void offer_wait(struct summary *s, struct summary_wait w)
{
	size_t at = s->nr_waits;

	if (at == SUMMARY_WAITS && !longer(&w, &s->waits[--at]))
		return;
	for (; at > 0 && longer(&w, &s->waits[at - 1]); at--)
		s->waits[at] = s->waits[at - 1];
	s->waits[at] = w;
	if (s->nr_waits < SUMMARY_WAITS)
		s->nr_waits++;
}

/* Migrations cut one wait for a CPU in pieces: only the first of them was a wake-up. */
static bool is_woken(const struct thread *t, size_t i)
{
	const struct interval *now = &t->intervals[i];

	if (now->state != STATE_RUNNABLE || now->cause != CAUSE_WOKEN)
		return false;
	return !i || now[-1].state != STATE_RUNNABLE;
}

static int by_tid(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return (x > y) - (x < y);
}

static void offer_waker(struct summary *s, struct summary_waker w)
{
	size_t at = s->nr_wakers;

	if (at == SUMMARY_WAKERS && w.nr_wakeups <= s->wakers[--at].nr_wakeups)
		return;
	for (; at > 0 && w.nr_wakeups > s->wakers[at - 1].nr_wakeups; at--)
		s->wakers[at] = s->wakers[at - 1];
	s->wakers[at] = w;
	if (s->nr_wakers < SUMMARY_WAKERS)
		s->nr_wakers++;
}

/* tids: one for each wake-up. Offered by rising tid, so of equals the lowest comes first. */
static void count_wakers(struct summary *s, uint32_t *tids, size_t n)
{
	size_t i, first = 0;

	qsort(tids, n, sizeof(*tids), by_tid);
	for (i = 0; i < n; i++) {
		if (i + 1 < n && tids[i + 1] == tids[i])
			continue;
		offer_waker(s, (struct summary_waker){ tids[i], i + 1 - first });
		first = i + 1;
	}
}

/* Returns how many wake-ups it has put into tids, or would if that were not NULL. */
static size_t list_wakers(const struct model *m, uint32_t *tids)
{
	const struct thread *t;
	size_t i, n = 0;

	for (t = m->threads; t < m->threads + m->nr_threads; t++)
		for (i = 0; t->target && i < t->nr_intervals; i++) {
			if (!is_woken(t, i) || t->intervals[i].start_ns < m->span_start_ns)
				continue;
			if (tids)
				tids[n] = t->intervals[i].waker;
			n++;
		}
	return n;
}

static void add_thread(struct summary *s, const struct model *m, const struct thread *t)
{
	const struct interval *i;

	if (!t->target) {
		s->nr_others += t->total_ns[STATE_RUNNING] > 0;
		s->others_ns += t->total_ns[STATE_RUNNING];
		return;
	}
	s->nr_threads++;
	s->ran_ns += t->total_ns[STATE_RUNNING];
	s->unknown_ns += t->total_ns[STATE_UNKNOWN];
	for (i = t->intervals; i < t->intervals + t->nr_intervals; i++)
		if (is_wait(i) && model_in_span(m, i->start_ns, i->end_ns))
			offer_wait(s, (struct summary_wait){ t, i });
}

int summary_make(struct summary *s, const struct model *m)
{
	size_t i, n = list_wakers(m, NULL);
	uint32_t *tids = calloc(n + 1, sizeof(*tids));

	if (!tids)
		return -ENOMEM;
	*s = (struct summary){ .nr_threads = 0 };
	for (i = 0; i < m->nr_threads; i++)
		add_thread(s, m, &m->threads[i]);
	for (i = 0; i < m->nr_cpus; i++)
		s->nr_cpus += m->cpus[i].target_ns > 0;
	for (i = 2; i < sizeof(m->parallel_ns) / sizeof(*m->parallel_ns); i++)
		s->overlap_ns += m->parallel_ns[i];
	list_wakers(m, tids);
	count_wakers(s, tids, n);
	free(tids);
	return 0;
}
