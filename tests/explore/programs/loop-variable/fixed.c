// SPDX-License-Identifier: GPL-2.0
// finds: nothing
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
	int id[N];

	for (int i = 0; i < N; i++) {
		id[i] = i;
		pthread_create(&t[i], NULL, run, &id[i]);
	}
	for (int j = 0; j < N; j++)
		pthread_join(t[j], NULL);
	for (int j = 0; j < N; j++)
		assert(seen[j] == 1);
	return 0;
}
