// SPDX-License-Identifier: GPL-2.0
// rejected by output: "early"
/* The count is right once, and full for ever after. */
#include <pthread.h>
#include <stdlib.h>

#include "barrier.h"

struct barrier {
	pthread_mutex_t lock;
	pthread_cond_t all_came;
	int threads, came;
};

struct barrier *barrier_new(int threads)
{
	struct barrier *b = calloc(1, sizeof(*b));

	if (!b)
		return NULL;
	pthread_mutex_init(&b->lock, NULL);
	pthread_cond_init(&b->all_came, NULL);
	b->threads = threads;
	return b;
}

void barrier_wait(struct barrier *b, int me)
{
	(void)me;
	pthread_mutex_lock(&b->lock);
	if (++b->came == b->threads)
		pthread_cond_broadcast(&b->all_came);
	while (b->came < b->threads)
		pthread_cond_wait(&b->all_came, &b->lock);
	pthread_mutex_unlock(&b->lock);
}

void barrier_free(struct barrier *b)
{
	pthread_cond_destroy(&b->all_came);
	pthread_mutex_destroy(&b->lock);
	free(b);
}
