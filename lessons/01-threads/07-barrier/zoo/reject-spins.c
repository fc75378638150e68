// SPDX-License-Identifier: GPL-2.0
// rejected by waiting: "wait"
/* Right in every order of steps, and a CPU burns for each who waits. */
#include <stdatomic.h>
#include <stdlib.h>

#include "barrier.h"

struct barrier {
	int threads;
	atomic_int came;
	atomic_ulong phase;
};

struct barrier *barrier_new(int threads)
{
	struct barrier *b = calloc(1, sizeof(*b));

	if (b)
		b->threads = threads;
	return b;
}

void barrier_wait(struct barrier *b, int me)
{
	unsigned long phase = atomic_load(&b->phase);

	(void)me;
	if (atomic_fetch_add(&b->came, 1) + 1 == b->threads) {
		atomic_store(&b->came, 0);
		atomic_store(&b->phase, phase + 1);
	}
	while (atomic_load(&b->phase) == phase)
		;
}

void barrier_free(struct barrier *b)
{
	free(b);
}
