// SPDX-License-Identifier: GPL-2.0
/*
 * Two turnstiles. The last to come opens the first for all; the last to pass it opens the second. Nobody
 * can come again before everybody has passed, so a fast thread cannot pass twice.
 */
#include <pthread.h>
#include <semaphore.h>
#include <stdlib.h>

#include "barrier.h"

struct barrier {
	pthread_mutex_t lock;
	int threads, inside;
	sem_t in, out;
};

struct barrier *barrier_new(int threads)
{
	struct barrier *b = calloc(1, sizeof(*b));

	if (!b)
		return NULL;
	pthread_mutex_init(&b->lock, NULL);
	sem_init(&b->in, 0, 0);
	sem_init(&b->out, 0, 0);
	b->threads = threads;
	return b;
}

static void open_for_all(struct barrier *b, sem_t *turnstile)
{
	for (int i = 0; i < b->threads; i++)
		sem_post(turnstile);
}

void barrier_wait(struct barrier *b, int me)
{
	(void)me;
	pthread_mutex_lock(&b->lock);
	if (++b->inside == b->threads)
		open_for_all(b, &b->in);
	pthread_mutex_unlock(&b->lock);
	sem_wait(&b->in);

	pthread_mutex_lock(&b->lock);
	if (!--b->inside)
		open_for_all(b, &b->out);
	pthread_mutex_unlock(&b->lock);
	sem_wait(&b->out);
}

void barrier_free(struct barrier *b)
{
	sem_destroy(&b->out);
	sem_destroy(&b->in);
	pthread_mutex_destroy(&b->lock);
	free(b);
}
