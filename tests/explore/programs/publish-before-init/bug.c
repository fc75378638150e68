// SPDX-License-Identifier: GPL-2.0
// finds: assert
// The pointer is stored before what it points to is filled in.
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

struct job {
	int width, height;
};

static _Atomic(struct job *) next;

static void *worker(void *arg)
{
	(void)arg;
	struct job *j = atomic_load_explicit(&next, memory_order_acquire);

	if (j)
		assert(j->width * j->height == 640 * 480);
	return NULL;
}

int main(void)
{
	pthread_t t;

	pthread_create(&t, NULL, worker, NULL);
	struct job *j = calloc(1, sizeof(*j));
	atomic_store_explicit(&next, j, memory_order_release);
	j->width = 640;
	j->height = 480;
	pthread_join(t, NULL);
	free(j);
	return 0;
}
