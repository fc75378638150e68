// SPDX-License-Identifier: GPL-2.0
// accepted: a list instead of a ring, and the count keeps it within its capacity
#include <pthread.h>
#include <stdlib.h>

#include "bounded_buffer.h"

struct node {
	int item;
	struct node *next;
};

struct buffer {
	pthread_mutex_t lock;
	pthread_cond_t room, news;
	struct node *oldest, **end;
	int count, capacity;
	bool closed;
};

struct buffer *bb_new(int capacity)
{
	struct buffer *b = calloc(1, sizeof(*b));

	if (!b)
		abort();
	b->capacity = capacity;
	b->end = &b->oldest;
	pthread_mutex_init(&b->lock, NULL);
	pthread_cond_init(&b->room, NULL);
	pthread_cond_init(&b->news, NULL);
	return b;
}

void bb_free(struct buffer *b)
{
	free(b);
}

void bb_put(struct buffer *b, int item)
{
	struct node *node = malloc(sizeof(*node));

	if (!node)
		abort();
	*node = (struct node){ .item = item };
	pthread_mutex_lock(&b->lock);
	while (b->count >= b->capacity)
		pthread_cond_wait(&b->room, &b->lock);
	*b->end = node;
	b->end = &node->next;
	b->count++;
	pthread_mutex_unlock(&b->lock);
	pthread_cond_signal(&b->news);
}

bool bb_get(struct buffer *b, int *item)
{
	struct node *node;

	pthread_mutex_lock(&b->lock);
	for (;;) {
		node = b->oldest;
		if (node || b->closed)
			break;
		pthread_cond_wait(&b->news, &b->lock);
	}
	if (node) {
		b->oldest = node->next;
		if (!b->oldest)
			b->end = &b->oldest;
		b->count--;
		pthread_cond_signal(&b->room);
	}
	pthread_mutex_unlock(&b->lock);
	if (!node)
		return false;
	*item = node->item;
	free(node);
	return true;
}

void bb_close(struct buffer *b)
{
	pthread_mutex_lock(&b->lock);
	b->closed = true;
	pthread_cond_broadcast(&b->news);
	pthread_mutex_unlock(&b->lock);
}
