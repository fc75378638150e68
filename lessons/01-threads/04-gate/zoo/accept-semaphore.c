// SPDX-License-Identifier: GPL-2.0
// accepted: this is what a semaphore is
#include <semaphore.h>
#include <stdlib.h>

#include "gate.h"

struct gate {
	sem_t permits;
};

struct gate *gate_new(int permits)
{
	struct gate *g = malloc(sizeof(*g));

	if (g)
		sem_init(&g->permits, 0, (unsigned int)permits);
	return g;
}

void gate_enter(struct gate *g)
{
	while (sem_wait(&g->permits))
		; /* a signal came in between */
}

void gate_leave(struct gate *g)
{
	sem_post(&g->permits);
}

void gate_free(struct gate *g)
{
	sem_destroy(&g->permits);
	free(g);
}
