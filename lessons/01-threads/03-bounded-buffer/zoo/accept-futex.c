// SPDX-License-Identifier: GPL-2.0
// accepted: sleeps in the kernel by futex(2) itself; a generation of each side says whether to look again
#include <linux/futex.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "bounded_buffer.h"

struct buffer {
	pthread_mutex_t lock;	/* guards count, first, closed and items */
	atomic_uint puts, gets; /* changes so far: what a sleeper compares */
	int capacity, count, first;
	bool closed;
	int items[];
};

static void sleep_while(atomic_uint *word, unsigned seen)
{
	syscall(SYS_futex, word, FUTEX_WAIT_PRIVATE, seen, NULL, NULL, 0);
}

static void wake(atomic_uint *word, int how_many)
{
	atomic_fetch_add(word, 1);
	syscall(SYS_futex, word, FUTEX_WAKE_PRIVATE, how_many, NULL, NULL, 0);
}

struct buffer *bb_new(int capacity)
{
	struct buffer *b = calloc(1, sizeof(*b) + (size_t)capacity * sizeof(*b->items));

	if (!b)
		abort();
	b->capacity = capacity;
	pthread_mutex_init(&b->lock, NULL);
	return b;
}

void bb_free(struct buffer *b)
{
	pthread_mutex_destroy(&b->lock);
	free(b);
}

void bb_put(struct buffer *b, int item)
{
	unsigned seen;

	pthread_mutex_lock(&b->lock);
	while (b->count == b->capacity) {
		seen = atomic_load(&b->gets);
		pthread_mutex_unlock(&b->lock);
		sleep_while(&b->gets, seen);
		pthread_mutex_lock(&b->lock);
	}
	b->items[(b->first + b->count++) % b->capacity] = item;
	pthread_mutex_unlock(&b->lock);
	wake(&b->puts, 1);
}

bool bb_get(struct buffer *b, int *item)
{
	unsigned seen;
	bool there;

	pthread_mutex_lock(&b->lock);
	while (!b->count && !b->closed) {
		seen = atomic_load(&b->puts);
		pthread_mutex_unlock(&b->lock);
		sleep_while(&b->puts, seen);
		pthread_mutex_lock(&b->lock);
	}
	there = b->count;
	if (there) {
		*item = b->items[b->first];
		b->first = (b->first + 1) % b->capacity;
		b->count--;
	}
	pthread_mutex_unlock(&b->lock);
	if (there)
		wake(&b->gets, 1);
	return there;
}

void bb_close(struct buffer *b)
{
	pthread_mutex_lock(&b->lock);
	b->closed = true;
	pthread_mutex_unlock(&b->lock);
	wake(&b->puts, 1000000);
}
