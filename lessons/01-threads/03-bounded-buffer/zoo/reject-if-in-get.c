// SPDX-License-Identifier: GPL-2.0
// rejected by pert: "although it was empty"
#include <pthread.h>
#include <stdlib.h>

#include "bounded_buffer.h"

struct buffer {
	pthread_mutex_t lock; /* guards all that follows */
	pthread_cond_t not_full, not_empty;
	int capacity, count, first;
	bool closed;
	int items[]; /* a ring: the oldest at first, the next free place behind the newest */
};

struct buffer *bb_new(int capacity)
{
	struct buffer *b = calloc(1, sizeof(*b) + (size_t)capacity * sizeof(*b->items));

	if (!b)
		abort();
	b->capacity = capacity;
	pthread_mutex_init(&b->lock, NULL);
	pthread_cond_init(&b->not_full, NULL);
	pthread_cond_init(&b->not_empty, NULL);
	return b;
}

void bb_free(struct buffer *b)
{
	pthread_cond_destroy(&b->not_empty);
	pthread_cond_destroy(&b->not_full);
	pthread_mutex_destroy(&b->lock);
	free(b);
}

void bb_put(struct buffer *b, int item)
{
	pthread_mutex_lock(&b->lock);
	while (b->count == b->capacity)
		pthread_cond_wait(&b->not_full, &b->lock);
	b->items[(b->first + b->count++) % b->capacity] = item;
	pthread_cond_signal(&b->not_empty);
	pthread_mutex_unlock(&b->lock);
}

bool bb_get(struct buffer *b, int *item)
{
	bool there;

	pthread_mutex_lock(&b->lock);
	if (!b->count && !b->closed)
		pthread_cond_wait(&b->not_empty, &b->lock);
	there = b->count || !b->closed;
	if (there) {
		*item = b->items[b->first];
		b->first = (b->first + 1) % b->capacity;
		b->count--;
		pthread_cond_signal(&b->not_full);
	}
	pthread_mutex_unlock(&b->lock);
	return there;
}

void bb_close(struct buffer *b)
{
	pthread_mutex_lock(&b->lock);
	b->closed = true;
	pthread_cond_broadcast(&b->not_empty); /* all of them: each has to see it */
	pthread_mutex_unlock(&b->lock);
}
