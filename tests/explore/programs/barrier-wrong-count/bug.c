// SPDX-License-Identifier: GPL-2.0
// finds: hang or deadlock
// The barrier counts the helper that is started only when there is work for it.
#include <pthread.h>
#include <stdatomic.h>

static pthread_barrier_t start;
static atomic_int backlog = 1;

static void *helper(void *arg)
{
	(void)arg;
	pthread_barrier_wait(&start);
	return NULL;
}

static void *drain(void *arg)
{
	(void)arg;
	atomic_fetch_sub(&backlog, 1);
	return NULL;
}

int main(void)
{
	pthread_t d, h;
	int helped = 0;

	pthread_barrier_init(&start, NULL, 2);
	pthread_create(&d, NULL, drain, NULL);
	if (atomic_load(&backlog) > 0) {
		helped = 1;
		pthread_create(&h, NULL, helper, NULL);
	}
	pthread_barrier_wait(&start);
	if (helped)
		pthread_join(h, NULL);
	pthread_join(d, NULL);
	pthread_barrier_destroy(&start);
	return 0;
}
