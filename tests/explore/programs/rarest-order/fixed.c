// SPDX-License-Identifier: GPL-2.0
// finds: nothing
// Five stages must hand over in exactly one order to meet the forgotten case.
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>

#define N 5

static atomic_int arrivals, order;

static void *runner(void *arg)
{
	int me = *(int *)arg, place = atomic_fetch_add(&arrivals, 1);

	if (place == N - 1 - me)
		atomic_fetch_add(&order, 1);
	return NULL;
}

int main(void)
{
	int id[N];
	pthread_t t[N];

	for (int i = 0; i < N; i++) {
		id[i] = i;
		pthread_create(&t[i], NULL, runner, &id[i]);
	}
	for (int i = 0; i < N; i++)
		pthread_join(t[i], NULL);
	assert(order <= N);
	return 0;
}
