// SPDX-License-Identifier: GPL-2.0
// finds: assert
// Each thread is given the address of the one loop variable.
#include <assert.h>
#include <pthread.h>

#define N 4

static int seen[N];

static void *run(void *arg)
{
	int id = *(int *)arg;

	__atomic_fetch_add(&seen[id % N], 1, __ATOMIC_SEQ_CST);
	return NULL;
}

int main(void)
{
	pthread_t t[N];
	int i;

	for (i = 0; i < N; i++)
		pthread_create(&t[i], NULL, run, &i);
	for (int j = 0; j < N; j++)
		pthread_join(t[j], NULL);
	for (int j = 0; j < N; j++)
		assert(seen[j] == 1);
	return 0;
}
