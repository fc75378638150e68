// SPDX-License-Identifier: GPL-2.0
// finds: nothing
// Peterson's algorithm with the turn given away before the own flag is raised.
#include <assert.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>

static atomic_int wants[2], turn;
static atomic_int inside;

static void enter(int me)
{
	atomic_store(&wants[me], 1);
	atomic_store(&turn, !me);
	while (atomic_load(&wants[!me]) && atomic_load(&turn) == !me)
		sched_yield();
}

static void *worker(void *arg)
{
	int me = *(int *)arg;

	for (int i = 0; i < 2; i++) {
		enter(me);
		assert(atomic_fetch_add(&inside, 1) == 0);
		atomic_fetch_sub(&inside, 1);
		atomic_store(&wants[me], 0);
	}
	return NULL;
}

int main(void)
{
	int who[2] = { 0, 1 };
	pthread_t t[2];

	for (int i = 0; i < 2; i++)
		pthread_create(&t[i], NULL, worker, &who[i]);
	for (int i = 0; i < 2; i++)
		pthread_join(t[i], NULL);
	return 0;
}
