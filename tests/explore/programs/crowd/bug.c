// SPDX-License-Identifier: GPL-2.0
// finds: exit
// Fifteen threads write seats of their own, but two of them were given the same one.
#include <pthread.h>
#include <stdio.h>

#define N 15

static int seat[N];

static void *sit_down(void *arg)
{
	int n = *(int *)arg;

	int at = n < N - 1 ? n : N - 2;
	if (__atomic_load_n(&seat[at], __ATOMIC_SEQ_CST) == 0)
		__atomic_fetch_add(&seat[at], n + 1, __ATOMIC_SEQ_CST);
	return NULL;
}

int main(void)
{
	int id[N], taken_twice = 0;
	pthread_t t[N];

	for (int i = 0; i < N; i++) {
		id[i] = i;
		pthread_create(&t[i], NULL, sit_down, &id[i]);
	}
	for (int i = 0; i < N; i++)
		pthread_join(t[i], NULL);
	for (int i = 0; i < N; i++)
		taken_twice += seat[i] > N;
	return taken_twice > 0;
}
