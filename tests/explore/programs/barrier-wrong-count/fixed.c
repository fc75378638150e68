// SPDX-License-Identifier: GPL-2.0
// finds: nothing
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
	pthread_create(&d, NULL, drain, NULL);
	int helped = atomic_load(&backlog) > 0;

	pthread_barrier_init(&start, NULL, 1 + helped);
	if (helped)
		pthread_create(&h, NULL, helper, NULL);
	pthread_barrier_wait(&start);
	if (helped)
		pthread_join(h, NULL);
	pthread_join(d, NULL);
	pthread_barrier_destroy(&start);
	return 0;
}
