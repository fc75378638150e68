// SPDX-License-Identifier: GPL-2.0
// rejected by structure: "beside"
#include <pthread.h>
#include <stdlib.h>

#include "gate.h"

struct gate {
	pthread_mutex_t lock;
	pthread_cond_t came_back;
	int permits, inside;
	int boarding; /* the bus is open: nobody of it has left yet */
};

struct gate *gate_new(int permits)
{
	struct gate *g = calloc(1, sizeof(*g));

	if (!g)
		return NULL;
	pthread_mutex_init(&g->lock, NULL);
	pthread_cond_init(&g->came_back, NULL);
	g->permits = permits;
	g->boarding = 1;
	return g;
}

/* As many as there are permits go in together, and the next ones when the last of them has left. */
void gate_enter(struct gate *g)
{
	pthread_mutex_lock(&g->lock);
	while (!g->boarding || g->inside == g->permits)
		pthread_cond_wait(&g->came_back, &g->lock);
	g->inside++;
	pthread_mutex_unlock(&g->lock);
}

void gate_leave(struct gate *g)
{
	pthread_mutex_lock(&g->lock);
	g->boarding = !--g->inside;
	if (g->boarding)
		pthread_cond_broadcast(&g->came_back);
	pthread_mutex_unlock(&g->lock);
}

void gate_free(struct gate *g)
{
	pthread_cond_destroy(&g->came_back);
	pthread_mutex_destroy(&g->lock);
	free(g);
}
