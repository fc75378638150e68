// SPDX-License-Identifier: GPL-2.0
// accepted: in the order of coming: who has number n goes in when n - permits have left
#include <pthread.h>
#include <stdlib.h>

#include "gate.h"

struct gate {
	pthread_mutex_t lock;
	pthread_cond_t one_left;
	long next, served;
};

struct gate *gate_new(int permits)
{
	struct gate *g = calloc(1, sizeof(*g));

	if (!g)
		return NULL;
	pthread_mutex_init(&g->lock, NULL);
	pthread_cond_init(&g->one_left, NULL);
	g->served = permits;
	return g;
}

void gate_enter(struct gate *g)
{
	long mine;

	pthread_mutex_lock(&g->lock);
	mine = g->next++;
	while (mine >= g->served)
		pthread_cond_wait(&g->one_left, &g->lock);
	pthread_mutex_unlock(&g->lock);
}

void gate_leave(struct gate *g)
{
	pthread_mutex_lock(&g->lock);
	g->served++;
	pthread_cond_broadcast(&g->one_left);
	pthread_mutex_unlock(&g->lock);
}

void gate_free(struct gate *g)
{
	pthread_cond_destroy(&g->one_left);
	pthread_mutex_destroy(&g->lock);
	free(g);
}
