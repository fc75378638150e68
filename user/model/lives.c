// SPDX-License-Identifier: GPL-2.0
/*
 * Threads: who lives, and the interval that each is in. Intervals are closed only here, each where
 * the next begins, so that they tile a life by construction.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "model/build.h"

static size_t slot_of(struct life *const *table, size_t size, uint32_t tid)
{
	size_t i = (tid * 2654435769u) & (size - 1);

	while (table[i] && table[i]->thread.tid != tid)
		i = (i + 1) & (size - 1);
	return i;
}

static bool grow_table(struct build *b)
{
	size_t size = b->table_size ? 2 * b->table_size : 256, i;
	struct life **table = calloc(size, sizeof(struct life *));

	if (!table)
		return false;
	for (i = 0; i < b->table_size; i++)
		if (b->table[i])
			table[slot_of(table, size, b->table[i]->thread.tid)] = b->table[i];
	free(b->table);
	b->table = table;
	b->table_size = size;
	return true;
}

static bool grow_list(struct build *b)
{
	size_t capacity = b->lives_capacity ? 2 * b->lives_capacity : 256;
	struct life **bigger = reallocarray(b->lives, capacity, sizeof(struct life *));

	if (!bigger)
		return false;
	b->lives = bigger;
	b->lives_capacity = capacity;
	return true;
}

struct life *life_find(const struct build *b, uint32_t tid)
{
	return b->table_size ? b->table[slot_of(b->table, b->table_size, tid)] : NULL;
}

struct life *life_new(struct build *b, uint32_t tid, uint64_t start_ns)
{
	struct life *l = calloc(1, sizeof(*l));
	size_t slot;

	if (!l || (b->nr_lives == b->lives_capacity && !grow_list(b)) ||
	    (2 * b->table_used >= b->table_size && !grow_table(b))) {
		free(l);
		b->err = -ENOMEM;
		return NULL;
	}
	l->thread.tid = tid;
	l->thread.start_ns = l->thread.end_ns = l->seen.ns = l->now.start_ns = start_ns;
	l->now.cpu = -1;
	slot = slot_of(b->table, b->table_size, tid);
	if (!b->table[slot] && tid == b->t->target_tid) {
		l->thread.target = true;
		l->thread.tgid = tid;
	}
	b->table_used += !b->table[slot];
	b->table[slot] = l;
	b->lives[b->nr_lives++] = l;
	return l;
}

/* Whoever is not in the list of the start was born later, and of that a record was lost. */
static uint64_t earliest_birth(const struct build *b, uint64_t time_ns)
{
	const struct model *m = b->m;

	if (!b->t->nr_tasks || !m->nr_gaps || m->nr_untimed || m->gaps[0].start_ns >= time_ns)
		return m->start_ns;
	return m->gaps[0].start_ns;
}

/* Its process is told after all, and that may be the target's. */
void life_kin(struct build *b, struct life *l, uint32_t tgid)
{
	const struct life *first = tgid ? life_find(b, tgid) : NULL;

	if (l->thread.tgid)
		return;
	l->thread.tgid = tgid;
	if (!first || !first->thread.target || l->thread.target)
		return;
	l->thread.target = b->adopted = true;
	if (l->now.state == STATE_RUNNING)
		b->places[l->now.cpu].now.target = true;
}

/*
 * The thread that a record names. Nobody has told of its birth: it was there from the start, or,
 * where one of that tid has ended, it is another one since now.
 */
struct life *life_get(struct build *b, uint32_t tid, uint64_t time_ns)
{
	struct life *l = life_find(b, tid);

	if (!l)
		l = life_new(b, tid, earliest_birth(b, time_ns));
	else if (l->ended)
		l = life_new(b, tid, time_ns);
	if (l)
		l->listed = false;
	return l;
}

static void append(struct build *b, struct life *l, const struct interval *i)
{
	struct thread *t = &l->thread;
	struct interval *bigger;

	if (t->nr_intervals == l->capacity) {
		l->capacity = l->capacity ? 2 * l->capacity : 4;
		bigger = reallocarray(t->intervals, l->capacity, sizeof(*bigger));
		if (!bigger) {
			l->capacity = t->nr_intervals;
			b->err = -ENOMEM;
			return;
		}
		t->intervals = bigger;
	}
	t->intervals[t->nr_intervals++] = *i;
}

static void close_now(struct build *b, struct life *l, uint64_t time_ns)
{
	l->now.end_ns = time_ns;
	if (l->now.end_ns > l->now.start_ns)
		append(b, l, &l->now);
}

static void note_latency(struct life *l, uint64_t time_ns)
{
	if (l->now.state != STATE_RUNNABLE ||
	    (l->now.cause != CAUSE_WOKEN && l->now.cause != CAUSE_NEW))
		return;
	if (time_ns - l->runnable_ns > l->thread.latency_max_ns)
		l->thread.latency_max_ns = time_ns - l->runnable_ns;
}

struct moment moment(const struct build *b, uint64_t time_ns)
{
	return (struct moment){ time_ns, b->nr_ended };
}

/* Whatever woke it before this did not keep it from a sleep after it. */
void life_own(const struct build *b, struct life *l, uint64_t time_ns)
{
	l->own = moment(b, time_ns);
	l->woken = l->may_be_woken = false;
}

/* From now on it does next. */
void life_turn(struct build *b, struct life *l, uint64_t time_ns, struct interval next)
{
	if (next.state == STATE_RUNNING)
		note_latency(l, time_ns);
	if (next.state == STATE_RUNNING && l->thread.target)
		span_seen(b, time_ns);
	if (next.state == STATE_RUNNABLE && l->now.state != STATE_RUNNABLE)
		l->runnable_ns = time_ns;
	if (next.prio == PRIO_UNKNOWN)
		next.prio = l->now.prio; /* it lasts until another is told */
	close_now(b, l, time_ns);
	next.start_ns = time_ns;
	l->now = next;
	l->seen = moment(b, time_ns);
	l->early = false;
}

/* A record contradicts now: what it did since the last one that agreed is unknown. */
void life_forget(struct build *b, struct life *l)
{
	struct interval unknown = { .state = STATE_UNKNOWN, .cpu = -1 };

	if (l->now.state != STATE_UNKNOWN)
		life_turn(b, l, l->seen.ns, unknown);
	l->woken = l->in_futex = false;
	l->awaited = 0;
	l->may_be_woken = true;
	join_deny(l);
	l->nr_locks = 0;
}

void life_end(struct build *b, struct life *l, uint64_t time_ns)
{
	struct interval dead = { .state = STATE_DEAD, .cpu = -1, .end_ns = time_ns };

	if (l->ended)
		return;
	join_confirm(l);
	life_turn(b, l, time_ns, dead);
	append(b, l, &l->now);
	l->thread.end_ns = time_ns;
	l->ended = true;
}

static void close_life(struct build *b, struct life *l)
{
	struct interval *fitting;
	struct thread *t = &l->thread;
	struct shadow doubt;

	if (l->exiting && l->now.state != STATE_RUNNING &&
	    gaps_since(b, l->seen, b->m->end_ns, &doubt)) {
		life_doubt(b, l, doubt.end_ns, STATE_UNKNOWN);
		life_end(b, l, doubt.end_ns); /* in the gap: who still ends has a record after it */
	}
	life_doubt(b, l, b->m->end_ns, STATE_UNKNOWN);
	if (!l->ended) {
		note_latency(l, b->m->end_ns);
		l->now.open = true;
		join_open(l);
		close_now(b, l, b->m->end_ns);
		t->end_ns = b->m->end_ns;
	}
	fitting = reallocarray(t->intervals, t->nr_intervals + 1, sizeof(*fitting));
	if (fitting)
		t->intervals = fitting;
}

static int by_tid_and_start(const void *a, const void *b)
{
	const struct thread *x = a, *y = b;

	if (x->tid != y->tid)
		return x->tid < y->tid ? -1 : 1;
	if (x->start_ns != y->start_ns)
		return x->start_ns < y->start_ns ? -1 : 1;
	return (x->end_ns > y->end_ns) - (x->end_ns < y->end_ns);
}

/* The recording ends: every life becomes a thread of the model. */
void lives_finish(struct build *b)
{
	struct model *m = b->m;
	size_t i;

	m->threads = calloc(b->nr_lives + 1, sizeof(*m->threads));
	if (!m->threads) {
		b->err = -ENOMEM;
		return;
	}
	for (i = 0; i < b->nr_lives; i++) {
		close_life(b, b->lives[i]);
		m->threads[i] = b->lives[i]->thread;
		b->lives[i]->thread.intervals = NULL;
	}
	m->nr_threads = b->nr_lives;
	qsort(m->threads, m->nr_threads, sizeof(*m->threads), by_tid_and_start);
}
