// SPDX-License-Identifier: GPL-2.0
// accepted: each waits for its two children, then for its parent: no place that all have to touch
#include <semaphore.h>
#include <stdlib.h>

#include "barrier.h"

struct node {
	sem_t child_came, go;
};

struct barrier {
	int threads;
	struct node nodes[];
};

struct barrier *barrier_new(int threads)
{
	struct barrier *b = calloc(1, sizeof(*b) + (size_t)threads * sizeof(b->nodes[0]));

	if (!b)
		return NULL;
	b->threads = threads;
	for (int i = 0; i < threads; i++) {
		sem_init(&b->nodes[i].child_came, 0, 0);
		sem_init(&b->nodes[i].go, 0, 0);
	}
	return b;
}

void barrier_wait(struct barrier *b, int me)
{
	for (int child = 2 * me + 1; child <= 2 * me + 2 && child < b->threads; child++)
		sem_wait(&b->nodes[me].child_came);
	if (me > 0) {
		sem_post(&b->nodes[(me - 1) / 2].child_came);
		sem_wait(&b->nodes[me].go);
	}
	for (int child = 2 * me + 1; child <= 2 * me + 2 && child < b->threads; child++)
		sem_post(&b->nodes[child].go);
}

void barrier_free(struct barrier *b)
{
	free(b);
}
