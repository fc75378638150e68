// SPDX-License-Identifier: GPL-2.0
// finds: nothing
// Plain arrays, written and read in turns that a barrier separates.
#include <assert.h>
#include <pthread.h>

#define N 3

static pthread_barrier_t barrier;
static int cells[2][N];

static void *life(void *arg)
{
	int me = *(int *)arg;

	for (int g = 0; g < 3; g++) {
		int *old = cells[g & 1], *next = cells[!(g & 1)];

		next[me] = old[me] + old[(me + 1) % N];
		pthread_barrier_wait(&barrier);
	}
	return NULL;
}

int main(void)
{
	int id[N];
	pthread_t t[N];

	pthread_barrier_init(&barrier, NULL, N);
	for (int i = 0; i < N; i++)
		cells[0][i] = 1;
	for (int i = 0; i < N; i++) {
		id[i] = i;
		pthread_create(&t[i], NULL, life, &id[i]);
	}
	for (int i = 0; i < N; i++)
		pthread_join(t[i], NULL);
	pthread_barrier_destroy(&barrier);
	assert(cells[1][0] == 8);
	return 0;
}
