// SPDX-License-Identifier: GPL-2.0
// rejected by waiting: "only to look again"
#include <pthread.h>
#include <stdlib.h>
#include <time.h>

#include "bounded_buffer.h"

struct buffer {
	pthread_mutex_t lock; /* guards all that follows */
	pthread_cond_t tick;
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
	pthread_cond_init(&b->tick, NULL);
	return b;
}

void bb_free(struct buffer *b)
{
	pthread_cond_destroy(&b->tick);
	pthread_mutex_destroy(&b->lock);
	free(b);
}

/* Looks again after a while, so that nobody has to be told. */
static void wait_a_little(struct buffer *b)
{
	struct timespec until;

	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_nsec += 1000000;
	if (until.tv_nsec >= 1000000000) {
		until.tv_nsec -= 1000000000;
		until.tv_sec++;
	}
	pthread_cond_timedwait(&b->tick, &b->lock, &until);
}

void bb_put(struct buffer *b, int item)
{
	pthread_mutex_lock(&b->lock);
	while (b->count == b->capacity)
		wait_a_little(b);
	b->items[(b->first + b->count++) % b->capacity] = item;
	pthread_mutex_unlock(&b->lock);
}

bool bb_get(struct buffer *b, int *item)
{
	bool there;

	pthread_mutex_lock(&b->lock);
	while (!b->count && !b->closed)
		wait_a_little(b);
	there = b->count;
	if (there) {
		*item = b->items[b->first];
		b->first = (b->first + 1) % b->capacity;
		b->count--;
	}
	pthread_mutex_unlock(&b->lock);
	return there;
}

void bb_close(struct buffer *b)
{
	pthread_mutex_lock(&b->lock);
	b->closed = true;
	pthread_mutex_unlock(&b->lock);
}
