// SPDX-License-Identifier: GPL-2.0
// rejected by pert: "data race"
/* Waits as it should, but orders nothing: what others wrote before the barrier need not be there after it. */
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
	unsigned int phase = atomic_load_explicit(&b->phase, memory_order_relaxed);

	(void)me;
	if (atomic_fetch_add_explicit(&b->came, 1, memory_order_relaxed) + 1 == b->threads) {
		atomic_store_explicit(&b->came, 0, memory_order_relaxed);
		atomic_store_explicit(&b->phase, phase + 1, memory_order_relaxed);
		syscall(SYS_futex, &b->phase, FUTEX_WAKE_PRIVATE, b->threads, NULL, NULL, 0);
	}
	while (atomic_load_explicit(&b->phase, memory_order_relaxed) == phase)
		syscall(SYS_futex, &b->phase, FUTEX_WAIT_PRIVATE, phase, NULL, NULL, 0);
}

void barrier_free(struct barrier *b)
{
	free(b);
}
