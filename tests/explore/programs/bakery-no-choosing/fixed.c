// SPDX-License-Identifier: GPL-2.0
// finds: nothing
// Lamport's bakery without the flag that says "I am taking a number".
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>

#define N 3

static atomic_int number[N], inside;
static atomic_int choosing[N];

static void lock(int me)
{
	int max = 0;

	atomic_store(&choosing[me], 1);
	for (int i = 0; i < N; i++) {
		int n = atomic_load(&number[i]);
		if (n > max)
			max = n;
	}
	atomic_store(&number[me], max + 1);
	atomic_store(&choosing[me], 0);
	for (int i = 0; i < N; i++) {
		int n;

		if (i == me)
			continue;
		while (atomic_load(&choosing[i]))
			;
		do
			n = atomic_load(&number[i]);
		while (n && (n < max + 1 || (n == max + 1 && i < me)));
	}
}

static void *customer(void *arg)
{
	int me = *(int *)arg;

	lock(me);
	assert(atomic_exchange(&inside, 1) == 0);
	atomic_store(&inside, 0);
	atomic_store(&number[me], 0);
	return NULL;
}

int main(void)
{
	int id[N];
	pthread_t t[N];

	for (int i = 0; i < N; i++) {
		id[i] = i;
		pthread_create(&t[i], NULL, customer, &id[i]);
	}
	for (int i = 0; i < N; i++)
		pthread_join(t[i], NULL);
	return 0;
}
