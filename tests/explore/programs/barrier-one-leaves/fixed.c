// SPDX-License-Identifier: GPL-2.0
// finds: nothing
// A worker that sees the stop flag leaves, and the others wait for it at the barrier.
#include <pthread.h>
#include <stdatomic.h>

#define N 3

static pthread_barrier_t phase;
static atomic_int stop;
static int leave; /* written by one thread between two barriers */

static void *worker(void *arg)
{
	(void)arg;
	for (int i = 0; i < 3; i++) {
		if (pthread_barrier_wait(&phase) == PTHREAD_BARRIER_SERIAL_THREAD)
			leave = atomic_load(&stop);
		pthread_barrier_wait(&phase);
		if (leave)
			break;
	}
	return NULL;
}

static void *controller(void *arg)
{
	(void)arg;
	atomic_store(&stop, 1);
	return NULL;
}

int main(void)
{
	pthread_t t[N + 1];

	pthread_barrier_init(&phase, NULL, N);
	for (int i = 0; i < N; i++)
		pthread_create(&t[i], NULL, worker, NULL);
	pthread_create(&t[N], NULL, controller, NULL);
	for (int i = 0; i <= N; i++)
		pthread_join(t[i], NULL);
	pthread_barrier_destroy(&phase);
	return 0;
}
