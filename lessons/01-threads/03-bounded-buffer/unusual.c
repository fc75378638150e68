// SPDX-License-Identifier: GPL-2.0
/*
 * Two semaphores count what can be had: free places and items. Who takes an item gives back a place.
 * Who finds the buffer closed and empty hands that on to the next who waits.
 */
#include <pthread.h>
#include <semaphore.h>
#include <stdlib.h>

#include "bounded_buffer.h"

struct buffer {
	sem_t places, items;
	pthread_mutex_t lock; /* guards what follows */
	int capacity, count, first;
	int ring[];
};

struct buffer *bb_new(int capacity)
{
	struct buffer *b = calloc(1, sizeof(*b) + (size_t)capacity * sizeof(*b->ring));

	if (!b)
		abort();
	b->capacity = capacity;
	sem_init(&b->places, 0, (unsigned)capacity);
	sem_init(&b->items, 0, 0);
	pthread_mutex_init(&b->lock, NULL);
	return b;
}

void bb_free(struct buffer *b)
{
	pthread_mutex_destroy(&b->lock);
	sem_destroy(&b->items);
	sem_destroy(&b->places);
	free(b);
}

void bb_put(struct buffer *b, int item)
{
	sem_wait(&b->places);
	pthread_mutex_lock(&b->lock);
	b->ring[(b->first + b->count++) % b->capacity] = item;
	pthread_mutex_unlock(&b->lock);
	sem_post(&b->items);
}

bool bb_get(struct buffer *b, int *item)
{
	bool there;

	sem_wait(&b->items);
	pthread_mutex_lock(&b->lock);
	there = b->count;
	if (there) {
		*item = b->ring[b->first];
		b->first = (b->first + 1) % b->capacity;
		b->count--;
	}
	pthread_mutex_unlock(&b->lock);
	sem_post(there ? &b->places : &b->items);
	return there;
}

/* One more than there are items, and nobody ever takes it away. */
void bb_close(struct buffer *b)
{
	sem_post(&b->items);
}
