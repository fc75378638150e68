// SPDX-License-Identifier: GPL-2.0
// finds: nothing
// The results are added up after a flag is up, which the first worker raises for all.
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <unistd.h>

#define N 3

static atomic_int nr_done;
static atomic_int part[N];

static void *sum_up(void *arg)
{
	atomic_int *mine = arg;
	int sum = 0;

	for (int i = 1; i <= 10; i++)
		sum += i;
	atomic_store(mine, sum);
	atomic_fetch_add(&nr_done, 1);
	return NULL;
}

int main(void)
{
	pthread_t t[N];
	int total = 0;

	for (int i = 0; i < N; i++)
		pthread_create(&t[i], NULL, sum_up, &part[i]);
	while (atomic_load(&nr_done) < N)
		usleep(10);
	for (int i = 0; i < N; i++)
		total += atomic_load(&part[i]);
	for (int i = 0; i < N; i++)
		pthread_join(t[i], NULL);
	printf("%d\n", total);
	return total != 165;
}
