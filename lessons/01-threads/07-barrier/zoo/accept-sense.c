// SPDX-License-Identifier: GPL-2.0
// accepted: odd and even phases have a condition each
#include <pthread.h>
#include <stdlib.h>

#include "barrier.h"

struct barrier {
	pthread_mutex_t lock;
	pthread_cond_t all_came[2];
	int threads, came;
	int odd;
};

struct barrier *barrier_new(int threads)
{
	struct barrier *b = calloc(1, sizeof(*b));

	if (!b)
		return NULL;
	pthread_mutex_init(&b->lock, NULL);
	pthread_cond_init(&b->all_came[0], NULL);
	pthread_cond_init(&b->all_came[1], NULL);
	b->threads = threads;
	return b;
}

void barrier_wait(struct barrier *b, int me)
{
	int odd;

	(void)me;
	pthread_mutex_lock(&b->lock);
	odd = b->odd;
	if (++b->came == b->threads) {
		b->came = 0;
		b->odd = !odd;
		pthread_cond_broadcast(&b->all_came[odd]);
	}
	while (odd == b->odd)
		pthread_cond_wait(&b->all_came[odd], &b->lock);
	pthread_mutex_unlock(&b->lock);
}

void barrier_free(struct barrier *b)
{
	pthread_cond_destroy(&b->all_came[0]);
	pthread_cond_destroy(&b->all_came[1]);
	pthread_mutex_destroy(&b->lock);
	free(b);
}
