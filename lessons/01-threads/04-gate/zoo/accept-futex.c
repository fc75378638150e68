// SPDX-License-Identifier: GPL-2.0
// accepted: the semaphore by hand, of an atomic number and futex(2)
#include <linux/futex.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "gate.h"

struct gate {
	atomic_int permits;
};

struct gate *gate_new(int permits)
{
	struct gate *g = malloc(sizeof(*g));

	if (g)
		atomic_init(&g->permits, permits);
	return g;
}

void gate_enter(struct gate *g)
{
	int n;

	for (;;) {
		n = atomic_load(&g->permits);
		if (n > 0 && atomic_compare_exchange_strong(&g->permits, &n, n - 1))
			return;
		if (n == 0)
			syscall(SYS_futex, &g->permits, FUTEX_WAIT_PRIVATE, 0, NULL, NULL, 0);
	}
}

void gate_leave(struct gate *g)
{
	atomic_fetch_add(&g->permits, 1);
	syscall(SYS_futex, &g->permits, FUTEX_WAKE_PRIVATE, 1, NULL, NULL, 0);
}

void gate_free(struct gate *g)
{
	free(g);
}
