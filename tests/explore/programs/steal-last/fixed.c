// SPDX-License-Identifier: GPL-2.0
// finds: nothing
// The owner takes the last job of its deque without asking whether a thief is at it.
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>

#define JOBS 4

static atomic_int top, bottom, job[JOBS], done[JOBS];

static int take(void)
{
	int b = atomic_fetch_sub(&bottom, 1) - 1, t = atomic_load(&top);

	if (t > b) {
		atomic_store(&bottom, t);
		return -1;
	}
	int j = atomic_load(&job[b]);
	if (t == b) {
		if (!atomic_compare_exchange_strong(&top, &t, b + 1))
			j = -1;
		atomic_store(&bottom, b + 1);
	}
	return j;
}

static int steal(void)
{
	int t = atomic_load(&top);

	if (t >= atomic_load(&bottom))
		return -1;
	int j = atomic_load(&job[t]);
	return atomic_compare_exchange_strong(&top, &t, t + 1) ? j : -1;
}

static void *thief(void *arg)
{
	(void)arg;
	for (int i = 0; i < 2; i++) {
		int j = steal();
		if (j >= 0)
			atomic_fetch_add(&done[j], 1);
	}
	return NULL;
}

int main(void)
{
	pthread_t t;

	for (int i = 0; i < JOBS; i++)
		job[i] = i;
	bottom = JOBS;
	pthread_create(&t, NULL, thief, NULL);
	for (int j = take(); j >= 0; j = take())
		atomic_fetch_add(&done[j], 1);
	pthread_join(t, NULL);
	for (int i = 0; i < JOBS; i++)
		assert(done[i] == 1);
	return 0;
}
