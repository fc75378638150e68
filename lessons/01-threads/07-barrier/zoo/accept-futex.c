// SPDX-License-Identifier: GPL-2.0
// accepted: the phase is the futex word, and who comes last wakes all
#include <limits.h>
#include <linux/futex.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "barrier.h"

struct barrier {
	int threads;
	atomic_int came;
	atomic_uint phase;
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
	unsigned int phase = atomic_load(&b->phase);

	(void)me;
	if (atomic_fetch_add(&b->came, 1) + 1 == b->threads) {
		atomic_store(&b->came, 0);
		atomic_store(&b->phase, phase + 1);
		syscall(SYS_futex, &b->phase, FUTEX_WAKE_PRIVATE, INT_MAX, NULL, NULL, 0);
	}
	while (atomic_load(&b->phase) == phase)
		syscall(SYS_futex, &b->phase, FUTEX_WAIT_PRIVATE, phase, NULL, NULL, 0);
}

void barrier_free(struct barrier *b)
{
	free(b);
}
