// SPDX-License-Identifier: GPL-2.0
/*
 * Waiting for a thread to end. pthread_join() waits while the futex word still holds the tid of the
 * thread; the kernel clears that word in the thread's exit and wakes whoever waits. A word may hold
 * the number by chance: so it counts only if that thread itself did the waking, and in its exit.
 * (The word of a robust or PI mutex holds its owner's tid, but never without a flag beside it while
 * somebody waits.)
 */
#include "model/build.h"

/* Whom a futex wait for value is about to wait for, if it is a join. NULL: it is none. */
struct life *join_of(const struct build *b, const struct life *l, uint32_t value)
{
	struct life *other = value ? life_find(b, value) : NULL;

	if (!other || other == l || other->ended || !l->thread.tgid ||
	    other->thread.tgid != l->thread.tgid)
		return NULL;
	return other;
}

static void say_join(struct interval *i, uint32_t tid)
{
	i->cause = CAUSE_JOIN;
	i->owner = tid;
}

static bool may_join(const struct life *l)
{
	return l->joined && l->now.state == STATE_SLEEPING && l->now.cause == CAUSE_FUTEX;
}

/* tid wakes l, before its wait is closed. On some kernels a thread's EXIT comes only after that. */
void join_woken(struct build *b, struct life *l, uint32_t tid, uint64_t time_ns)
{
	struct life *by = tid ? life_find(b, tid) : NULL;

	if (!by || !may_join(l) || by != l->joined || l->now.start_ns == time_ns)
		return;
	if (by->exiting) {
		say_join(&l->now, tid);
		return;
	}
	by->last_woken = l;
	by->last_woken_interval = l->thread.nr_intervals; /* where this wait will be */
}

/* It did something else, so that waking was not part of its exit. */
void join_deny(struct life *l)
{
	l->last_woken = NULL;
}

/* It ends, and that waking was the last thing it did. */
void join_confirm(struct life *l)
{
	struct life *woken = l->last_woken;

	if (woken && l->last_woken_interval < woken->thread.nr_intervals)
		say_join(&woken->thread.intervals[l->last_woken_interval], l->thread.tid);
	l->last_woken = NULL;
}

/* The recording ends, and the one that l waits for still lives. */
void join_open(struct life *l)
{
	if (may_join(l) && !l->joined->ended)
		say_join(&l->now, l->joined->thread.tid);
}
