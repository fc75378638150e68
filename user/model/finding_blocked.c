// SPDX-License-Identifier: GPL-2.0
/* Who waits for whom: deadlocks, priority inversions, lost wake-ups. */
#include "model/findings_part.h"

#define LONGEST_CYCLE 64

/* Whom a wait is for, and what that one does at an instant of it. */
static const struct interval *next_in_cycle(const struct model *m, const struct interval *i,
					    uint64_t time_ns, const struct thread **t)
{
	*t = i->owner ? model_thread_at(m, i->owner, time_ns) : NULL;
	return *t ? model_at(*t, time_ns) : NULL;
}

/*
 * Does the wait i of t close a cycle when it begins? Then it is the last of the cycle's waits, so each
 * cycle is found once. It holds for as long as all of them wait.
 */
static bool closes_cycle(const struct model *m, const struct thread *t, const struct interval *i,
			 struct finding *f)
{
	const struct thread *at = t;
	const struct interval *wait = i;
	unsigned int steps;

	*f = (struct finding){ .kind = FINDING_DEADLOCK,
			       .start_ns = i->start_ns,
			       .end_ns = i->end_ns,
			       .thread = t,
			       .interval = i };
	for (steps = 0; steps < LONGEST_CYCLE; steps++) {
		wait = next_in_cycle(m, wait, i->start_ns, &at);
		if (!wait || !finding_is_wait(wait) || !wait->owner)
			return false;
		if (at == t)
			return true;
		finding_involve(f, at->tid);
		if (wait->end_ns < f->end_ns)
			f->end_ns = wait->end_ns;
	}
	return false;
}

void find_deadlocks(struct findings *f)
{
	const struct thread *t;
	struct finding found;
	size_t i;

	for (t = f->m->threads; t < f->m->threads + f->m->nr_threads; t++) {
		for (i = 0; t->target && i < t->nr_intervals; i++) {
			const struct interval *wait = &t->intervals[i];

			if (!finding_is_wait(wait) || !wait->owner ||
			    !closes_cycle(f->m, t, wait, &found))
				continue;
			found.nr = found.nr_tids + 1;
			found.ns = found.end_ns - found.start_ns;
			findings_add(f, &found);
		}
	}
}

/* The kernel's priority, smaller is more; false where it is not known. */
static bool priority(const struct interval *i, int *prio)
{
	if (!i || i->prio == PRIO_UNKNOWN)
		return false;
	*prio = i->prio == PRIO_DEADLINE ? -1 : i->prio - PRIO_FIRST;
	return true;
}

/* Of the holder's wait for a CPU: does a task of a priority between have it? */
static bool is_between(const struct model *m, int high, const struct interval *low)
{
	const struct thread *other = model_who(m, low->instead, low->start_ns);
	uint64_t middle_ns = low->start_ns + finding_length(low) / 2;
	const struct interval *runs = other ? model_at(other, middle_ns) : NULL;
	int low_prio, between;

	return priority(low, &low_prio) && priority(runs, &between) && high < between &&
	       between < low_prio;
}

static void find_inversion(struct findings *f, const struct thread *t, const struct interval *wait)
{
	const struct thread *owner = model_thread_at(f->m, wait->owner, wait->start_ns);
	const struct interval *i = owner ? model_at(owner, wait->start_ns) : NULL;
	const struct interval *end = owner ? owner->intervals + owner->nr_intervals : NULL;
	struct finding found = { .kind = FINDING_INVERSION,
				 .start_ns = wait->start_ns,
				 .end_ns = wait->end_ns,
				 .thread = t,
				 .interval = wait };
	int high;

	if (!i || !priority(wait, &high))
		return;
	finding_involve(&found, owner->tid);
	for (; i < end && i->start_ns < wait->end_ns; i++) {
		if (i->state != STATE_RUNNABLE || !is_between(f->m, high, i))
			continue;
		if (found.nr_tids == 1)
			finding_involve(&found, i->instead);
		found.ns +=
			i->end_ns < wait->end_ns ? finding_length(i) : wait->end_ns - i->start_ns;
		found.nr++;
	}
	if (found.ns >= FINDING_INVERSION_NS)
		findings_add(f, &found);
}

/* An inversion takes three priorities: most programs have one, and are done with here. */
static bool has_three_priorities(const struct model *m)
{
	bool seen[256] = { false };
	const struct thread *t;
	unsigned int n = 0;
	size_t i;

	for (t = m->threads; t < m->threads + m->nr_threads && n < 3; t++)
		for (i = 0; i < t->nr_intervals; i++) {
			uint8_t prio = t->intervals[i].prio;

			n += prio != PRIO_UNKNOWN && !seen[prio];
			seen[prio] = true;
		}
	return n >= 3;
}

void find_inversions(struct findings *f)
{
	const struct thread *t;
	size_t i;

	if (!has_three_priorities(f->m))
		return;
	for (t = f->m->threads; t < f->m->threads + f->m->nr_threads; t++)
		for (i = 0; t->target && i < t->nr_intervals; i++)
			if (finding_is_wait(&t->intervals[i]) && t->intervals[i].owner)
				find_inversion(f, t, &t->intervals[i]);
}

static const struct empty_wake *empty_wake_of(const struct model *m, const struct thread *t,
					      uint64_t address)
{
	size_t i;

	for (i = 0; i < m->nr_empty_wakes; i++)
		if (m->empty_wakes[i].tgid == t->tgid && m->empty_wakes[i].address == address)
			return &m->empty_wakes[i];
	return NULL;
}

/* Still waiting at the end, where the last wake of that word came before the wait and found nobody. */
void find_lost_wakeups(struct findings *f)
{
	const struct thread *t;

	for (t = f->m->threads; t < f->m->threads + f->m->nr_threads; t++) {
		const struct interval *last = t->intervals + t->nr_intervals - 1;
		const struct empty_wake *wake;
		struct finding found;

		if (!t->nr_intervals || !t->target || !last->open || last->cause != CAUSE_FUTEX ||
		    last->owner)
			continue;
		wake = empty_wake_of(f->m, t, last->address);
		if (!wake || wake->time_ns > last->start_ns)
			continue;
		found = (struct finding){ .kind = FINDING_LOST_WAKEUP,
					  .start_ns = wake->time_ns,
					  .end_ns = last->end_ns,
					  .thread = t,
					  .interval = last,
					  .nr = 1,
					  .ns = last->start_ns - wake->time_ns };
		finding_involve(&found, wake->tid);
		findings_add(f, &found);
	}
}
