// SPDX-License-Identifier: GPL-2.0
// rejected by waiting: "wait"
/* Sleeps a little, looks, and sleeps a little more. */
#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

#include "barrier.h"

struct barrier {
	pthread_mutex_t lock;
	pthread_cond_t all_came;
	int threads, came;
	unsigned long phase;
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
	unsigned long phase;

	(void)me;
	pthread_mutex_lock(&b->lock);
	phase = b->phase;
	if (++b->came == b->threads) {
		b->came = 0;
		b->phase++;
		pthread_cond_broadcast(&b->all_came);
	}
	while (phase == b->phase) {
		pthread_mutex_unlock(&b->lock);
		usleep(500);
		pthread_mutex_lock(&b->lock);
	}
	pthread_mutex_unlock(&b->lock);
}

void barrier_free(struct barrier *b)
{
	pthread_cond_destroy(&b->all_came);
	pthread_mutex_destroy(&b->lock);
	free(b);
}
