// SPDX-License-Identifier: GPL-2.0
/*
 * A schedule that is known: segments of a thread and how many operations it does. Where the program
 * does not follow it (it was shrunk, or the program has changed), the next segment that it can; at
 * its end the program goes on quietly.
 */
#include "strategy.h"

static uint32_t at; /* the segment */
static bool begun;
static uint32_t ops_before; /* of its thread, when it began */

static struct thread *among(struct thread **ready, int n, uint32_t id)
{
	int i;

	for (i = 0; i < n; i++)
		if (ready[i]->id == (int)id)
			return ready[i];
	return NULL;
}

struct thread *replay_pick(struct thread **ready, int n)
{
	for (; at < shm->nr_replay; at++, begun = false) {
		const struct shared_segment *want = &shm->replay[at];
		const struct thread *t = &threads[want->thread % MAX_THREADS];
		struct thread *next;

		if (!begun)
			ops_before = t->nr_ops;
		begun = true;
		if (t->nr_ops - ops_before >= want->nr_ops)
			continue;
		next = among(ready, n, want->thread);
		if (next)
			return next;
		shm->diverged++;
	}
	return NULL;
}
