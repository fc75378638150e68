// SPDX-License-Identifier: GPL-2.0
/* Many threads at one thing: lock convoys and thundering herds. */
#include <errno.h>
#include <stdlib.h>

#include "model/findings_part.h"

#define HERD_WAKE_NS 1000000ull /* wake-ups by one waker that follow each other as closely */

struct wait {
	const struct thread *thread;
	const struct interval *interval;
};

static int order(uint64_t a, uint64_t b)
{
	return a < b ? -1 : a > b;
}

/* By process and address, then by time. */
static int by_lock(const void *a, const void *b)
{
	const struct wait *x = a, *y = b;
	int by = order(x->thread->tgid, y->thread->tgid);

	by = by ?: order(x->interval->address, y->interval->address);
	by = by ?: order(x->interval->start_ns, y->interval->start_ns);
	return by ?: order(x->thread->tid, y->thread->tid);
}

static struct wait *collect(struct findings *f, bool (*wanted)(const struct interval *), size_t *n)
{
	struct wait *waits = NULL;
	const struct thread *t;
	size_t i, room = 0;

	*n = 0;
	for (t = f->m->threads; t < f->m->threads + f->m->nr_threads; t++) {
		for (i = 0; t->target && i < t->nr_intervals; i++) {
			if (!wanted(&t->intervals[i]))
				continue;
			if (*n == room) {
				struct wait *more;

				room = room ? 2 * room : 256;
				more = reallocarray(waits, room, sizeof(*waits));
				if (!more) {
					f->err = -ENOMEM;
					free(waits);
					return NULL;
				}
				waits = more;
			}
			waits[(*n)++] = (struct wait){ t, &t->intervals[i] };
		}
	}
	return waits;
}

static bool has_holder(const struct interval *i)
{
	return finding_is_wait(i) && i->cause != CAUSE_JOIN && i->owner && i->address;
}

/* How many of the waits from first on, in order of time, are going on at an instant. */
static size_t queued(const struct wait *waits, size_t first, size_t last, uint64_t time_ns)
{
	size_t i, n = 0;

	for (i = first; i <= last; i++)
		n += waits[i].interval->end_ns > time_ns;
	return n;
}

/* The waits for one lock: does a queue form, and is it handed on while it stands? */
static void find_convoy(struct findings *f, const struct wait *waits, size_t n)
{
	struct finding found = { .kind = FINDING_CONVOY };
	size_t i, oldest = 0, q, longest = 0;

	for (i = 0; i < n; i++) {
		while (waits[oldest].interval->end_ns <= waits[i].interval->start_ns)
			oldest++;
		q = queued(waits, oldest, i, waits[i].interval->start_ns);
		if (q < FINDING_CONVOY_QUEUE)
			continue;
		if (!found.nr)
			found.start_ns = waits[i].interval->start_ns;
		found.nr++;
		found.end_ns = waits[i].interval->end_ns;
		found.ns += finding_length(waits[i].interval);
		if (q <= longest)
			continue;
		longest = q;
		found.thread = waits[i].thread;
		found.interval = waits[i].interval;
	}
	if (found.nr < FINDING_CONVOY_QUEUE) /* once through the queue is no convoy yet */
		return;
	found.nr = longest;
	finding_involve(&found, found.interval->owner);
	findings_add(f, &found);
}

void find_queues(struct findings *f)
{
	size_t n, i, first = 0;
	struct wait *waits = collect(f, has_holder, &n);

	if (!waits)
		return;
	qsort(waits, n, sizeof(*waits), by_lock);
	for (i = 1; i <= n; i++) {
		if (i < n && waits[i].thread->tgid == waits[first].thread->tgid &&
		    waits[i].interval->address == waits[first].interval->address)
			continue;
		find_convoy(f, waits + first, i - first);
		first = i;
	}
	free(waits);
}

static bool woken_by_task(const struct interval *i)
{
	return finding_is_wait(i) && i->waker && !i->open && i->cause != CAUSE_UNKNOWN;
}

/* By waker and what was waited for, then by the end of the wait. */
static int by_waker(const void *a, const void *b)
{
	const struct wait *x = a, *y = b;
	int by = order(x->interval->waker, y->interval->waker);

	by = by ?: order(x->interval->cause, y->interval->cause);
	by = by ?: order(x->interval->address, y->interval->address);
	by = by ?: order(x->interval->end_ns, y->interval->end_ns);
	return by ?: order(x->thread->tid, y->thread->tid);
}

static bool same_event(const struct wait *a, const struct wait *b)
{
	return a->interval->waker == b->interval->waker && finding_same(a->interval, b->interval) &&
	       b->interval->end_ns - a->interval->end_ns <= HERD_WAKE_NS;
}

/* After its wake-up it did no more than run, and waits for the same again. */
static bool in_vain(const struct wait *w)
{
	const struct interval *i = w->interval + 1;
	const struct interval *end = w->thread->intervals + w->thread->nr_intervals;

	while (i < end && (i->state == STATE_RUNNABLE || i->state == STATE_RUNNING))
		i++;
	return i < end && finding_is_wait(i) && finding_same(i, w->interval);
}

static void find_herd(struct findings *f, const struct wait *waits, size_t n)
{
	struct finding found = { .kind = FINDING_HERD,
				 .start_ns = waits[0].interval->end_ns,
				 .end_ns = waits[n - 1].interval->end_ns,
				 .thread = waits[0].thread,
				 .interval = waits[0].interval,
				 .nr = n };
	size_t i, vain = 0;

	for (i = 0; i < n; i++)
		vain += in_vain(&waits[i]);
	if (vain * 4 < n * 3)
		return;
	found.ns = vain;
	finding_involve(&found, waits[0].interval->waker);
	findings_add(f, &found);
}

void find_herds(struct findings *f)
{
	size_t n, i, first = 0;
	struct wait *waits = collect(f, woken_by_task, &n);

	if (!waits)
		return;
	qsort(waits, n, sizeof(*waits), by_waker);
	for (i = 1; i <= n; i++) {
		if (i < n && same_event(&waits[i - 1], &waits[i]))
			continue;
		if (i - first >= FINDING_HERD_THREADS)
			find_herd(f, waits + first, i - first);
		first = i;
	}
	free(waits);
}
