// SPDX-License-Identifier: GPL-2.0
// rejected by waiting: "enter"
#include <pthread.h>
#include <stdlib.h>

#include "gate.h"

struct gate {
	pthread_mutex_t lock;
	pthread_cond_t came_back;
	int permits;
};

struct gate *gate_new(int permits)
{
	struct gate *g = calloc(1, sizeof(*g));

	if (!g)
		return NULL;
	pthread_mutex_init(&g->lock, NULL);
	pthread_cond_init(&g->came_back, NULL);
	g->permits = permits;
	return g;
}

void gate_enter(struct gate *g)
{
	for (;;) {
		pthread_mutex_lock(&g->lock);
		if (g->permits > 0)
			break;
		pthread_mutex_unlock(&g->lock);
	}
	g->permits--;
	pthread_mutex_unlock(&g->lock);
}

void gate_leave(struct gate *g)
{
	pthread_mutex_lock(&g->lock);
	g->permits++;
	pthread_cond_signal(&g->came_back);
	pthread_mutex_unlock(&g->lock);
}

void gate_free(struct gate *g)
{
	pthread_cond_destroy(&g->came_back);
	pthread_mutex_destroy(&g->lock);
	free(g);
}
