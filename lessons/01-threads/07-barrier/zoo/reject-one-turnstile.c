// SPDX-License-Identifier: GPL-2.0
// rejected by hang or output or pert: "wait"
/* One semaphore: a thread that comes again at once takes the permit that was meant for a sleeper. */
#include <pthread.h>
#include <semaphore.h>
#include <stdlib.h>

#include "barrier.h"

struct barrier {
	pthread_mutex_t lock;
	int threads, came;
	sem_t turnstile;
};

struct barrier *barrier_new(int threads)
{
	struct barrier *b = calloc(1, sizeof(*b));

	if (!b)
		return NULL;
	pthread_mutex_init(&b->lock, NULL);
	sem_init(&b->turnstile, 0, 0);
	b->threads = threads;
	return b;
}

void barrier_wait(struct barrier *b, int me)
{
	(void)me;
	pthread_mutex_lock(&b->lock);
	if (++b->came == b->threads) {
		b->came = 0;
		for (int i = 0; i < b->threads; i++)
			sem_post(&b->turnstile);
	}
	pthread_mutex_unlock(&b->lock);
	sem_wait(&b->turnstile);
}

void barrier_free(struct barrier *b)
{
	sem_destroy(&b->turnstile);
	pthread_mutex_destroy(&b->lock);
	free(b);
}
