// SPDX-License-Identifier: GPL-2.0
/*
 * How each lock went from hand to hand: how long a woken waiter took to run, how often it then found
 * the lock taken again, and how long a queue stood before it. That it was taken again is told by the
 * waiter's own calls: it waits for that mutex anew and has not released it in between, which it
 * would have done by a futex wake (a mutex that was waited for is always released by one).
 */
#include <errno.h>
#include <stdlib.h>

#include "model/build.h"

/* l is about to wait for lock (one more than its index). */
bool handoff_in_vain(struct life *l, uint32_t lock, bool can_tell)
{
	bool again = can_tell && l->awaited == lock && l->awaited_at == l->futex_address;

	l->awaited = can_tell ? lock : 0;
	l->awaited_at = l->futex_address;
	return again;
}

/* l calls a futex wake. */
void handoff_released(struct life *l, uint64_t address)
{
	if (l->awaited_at == address)
		l->awaited = 0;
}

static bool is_wait(const struct interval *i)
{
	return (i->state == STATE_SLEEPING || i->state == STATE_BLOCKED) && i->lock &&
	       i->cause == CAUSE_FUTEX;
}

/* From the wake-up that ended wait i of t until t ran; false: that was not seen. */
static bool delay(const struct thread *t, size_t i, uint64_t *ns)
{
	size_t next = i + 1;

	while (next < t->nr_intervals && t->intervals[next].state == STATE_RUNNABLE)
		next++;
	if (next == t->nr_intervals || t->intervals[next].state != STATE_RUNNING)
		return false;
	*ns = t->intervals[next].start_ns - t->intervals[i].end_ns;
	return true;
}

static void count_thread(struct model *m, const struct thread *t)
{
	const struct interval *i, *last = NULL;
	struct model_lock *lock;
	uint64_t ns;
	size_t k;

	for (k = 0; k < t->nr_intervals; k++) {
		i = &t->intervals[k];
		if (!is_wait(i) || !model_in_span(m, i->start_ns, i->end_ns))
			continue;
		lock = &m->locks[i->lock - 1];
		if (i->in_vain && last && last->lock == i->lock && last->waker)
			lock->nr_futile++;
		last = i;
		if (!i->waker || i->open || !delay(t, k, &ns))
			continue;
		lock->nr_handoffs++;
		lock->handoff_ns += ns;
		if (ns > lock->handoff_max_ns)
			lock->handoff_max_ns = ns;
	}
}

struct edge { /* a waiter comes (+1) or goes (-1) */
	uint64_t ns;
	uint32_t lock;
	int32_t by;
};

/* Who goes at an instant goes before another comes. */
static int by_lock_and_time(const void *a, const void *b)
{
	const struct edge *x = a, *y = b;

	if (x->lock != y->lock)
		return x->lock < y->lock ? -1 : 1;
	if (x->ns != y->ns)
		return x->ns < y->ns ? -1 : 1;
	return (x->by > y->by) - (x->by < y->by);
}

/* The longest time that two and more stood in the queue. */
static void sweep(struct model *m, const struct edge *edges, size_t n)
{
	struct model_lock *lock = NULL;
	uint64_t since_ns = 0;
	uint32_t waiting = 0;
	size_t i;

	for (i = 0; i < n; i++) {
		if (lock != &m->locks[edges[i].lock - 1])
			waiting = 0;
		lock = &m->locks[edges[i].lock - 1];
		if (waiting == 2 && edges[i].by < 0 && edges[i].ns - since_ns > lock->queue_ns) {
			lock->queue_ns = edges[i].ns - since_ns;
			lock->queue_start_ns = since_ns;
		}
		waiting += (uint32_t)edges[i].by;
		if (waiting == 2 && edges[i].by > 0)
			since_ns = edges[i].ns;
		if (waiting > lock->most_waiting)
			lock->most_waiting = waiting;
	}
}

static size_t list_edges(const struct model *m, struct edge *edges)
{
	const struct interval *i;
	const struct thread *t;
	size_t n = 0;

	for (t = m->threads; t < m->threads + m->nr_threads; t++)
		for (i = t->intervals; t->target && i < t->intervals + t->nr_intervals; i++) {
			if (!is_wait(i) || !model_in_span(m, i->start_ns, i->end_ns))
				continue;
			if (edges) {
				edges[n] = (struct edge){ i->start_ns, i->lock, 1 };
				edges[n + 1] = (struct edge){ i->end_ns, i->lock, -1 };
			}
			n += 2;
		}
	return n;
}

int handoffs_finish(struct build *b)
{
	struct model *m = b->m;
	size_t i, n = list_edges(m, NULL);
	struct edge *edges;

	if (!n)
		return 0;
	edges = calloc(n, sizeof(*edges));
	if (!edges)
		return -ENOMEM;
	for (i = 0; i < m->nr_threads; i++)
		if (m->threads[i].target)
			count_thread(m, &m->threads[i]);
	list_edges(m, edges);
	qsort(edges, n, sizeof(*edges), by_lock_and_time);
	sweep(m, edges, n);
	free(edges);
	return 0;
}
