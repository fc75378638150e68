// SPDX-License-Identifier: GPL-2.0
// rejected by structure: "beside"
#include <semaphore.h>
#include <stdlib.h>

#include "gate.h"

struct gate {
	int number;
};

/* All gates are this one. */
static sem_t permits_of_all;

struct gate *gate_new(int permits)
{
	struct gate *g = calloc(1, sizeof(*g));

	sem_init(&permits_of_all, 0, (unsigned int)permits);
	return g;
}

void gate_enter(struct gate *g)
{
	(void)g;
	sem_wait(&permits_of_all);
}

void gate_leave(struct gate *g)
{
	(void)g;
	sem_post(&permits_of_all);
}

void gate_free(struct gate *g)
{
	free(g);
}
