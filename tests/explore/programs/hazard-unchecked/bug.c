// SPDX-License-Identifier: GPL-2.0
// finds: assert
// A hazard pointer is set after the pointer was read, and nobody looks again.
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>

struct node {
	atomic_int alive;
	int value;
};

static struct node nodes[2] = { { 1, 10 }, { 1, 20 } };
static _Atomic(struct node *) head = &nodes[0];
static _Atomic(struct node *) hazard;

static void *reader(void *arg)
{
	struct node *n;

	(void)arg;
	n = atomic_load(&head);
	atomic_store(&hazard, n);
	assert(atomic_load(&n->alive));
	atomic_store(&hazard, NULL);
	return NULL;
}

static void *replacer(void *arg)
{
	struct node *old = atomic_exchange(&head, &nodes[1]);

	(void)arg;
	if (atomic_load(&hazard) != old)
		atomic_store(&old->alive, 0);
	return NULL;
}

int main(void)
{
	pthread_t t[2];

	pthread_create(&t[0], NULL, replacer, NULL);
	pthread_create(&t[1], NULL, reader, NULL);
	pthread_join(t[0], NULL);
	pthread_join(t[1], NULL);
	return 0;
}
