// SPDX-License-Identifier: GPL-2.0
/*
 * Vector clocks: what each thread knows of each. made_clock leaves out what mutexes teach, because
 * the order in which two threads happened to take a mutex is this schedule's, not the program's.
 */
#include <stdlib.h>

#include "runtime.h"

void clock_join(uint32_t *into, const uint32_t *from)
{
	int i;

	for (i = 0; i < nr_threads; i++)
		if (into[i] < from[i])
			into[i] = from[i];
}

void clock_tick(struct thread *t)
{
	t->clock[t->id]++;
	t->made_clock[t->id]++;
}

void clock_child(struct thread *parent, struct thread *child)
{
	clock_join(child->clock, parent->clock);
	clock_join(child->made_clock, parent->made_clock);
	child->clock[child->id]++;
	child->made_clock[child->id]++;
	clock_tick(parent);
}

uint32_t *clock_of(uint32_t **clock)
{
	static uint32_t *pool;
	static size_t left;

	if (*clock)
		return *clock;
	if (left < 2 * MAX_THREADS) {
		left = 256 * MAX_THREADS;
		pool = pages(left * sizeof(*pool));
	}
	*clock = pool;
	pool += 2 * MAX_THREADS;
	left -= 2 * MAX_THREADS;
	return *clock;
}

/* An object's clock is followed by its made_clock. */
void clock_acquire(struct thread *t, struct object *o, bool of_lock)
{
	if (!o->clock)
		return;
	clock_join(t->clock, o->clock);
	if (!of_lock)
		clock_join(t->made_clock, o->clock + MAX_THREADS);
}

void clock_release(struct thread *t, struct object *o, bool of_lock)
{
	clock_join(clock_of(&o->clock), t->clock);
	if (!of_lock)
		clock_join(o->clock + MAX_THREADS, t->made_clock);
	clock_tick(t);
}
