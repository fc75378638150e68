// SPDX-License-Identifier: GPL-2.0
// finds: nothing
// A spin lock that looks in one step and takes in the next.
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>

static atomic_int taken;
static atomic_int inside;

static void lock(void)
{
	while (atomic_exchange(&taken, 1))
		;
}

static void unlock(void)
{
	atomic_store(&taken, 0);
}

static void *worker(void *arg)
{
	(void)arg;
	for (int i = 0; i < 2; i++) {
		lock();
		assert(atomic_fetch_add(&inside, 1) == 0);
		atomic_fetch_sub(&inside, 1);
		unlock();
	}
	return NULL;
}

int main(void)
{
	pthread_t t[3];

	for (int i = 0; i < 3; i++)
		pthread_create(&t[i], NULL, worker, NULL);
	for (int i = 0; i < 3; i++)
		pthread_join(t[i], NULL);
	return 0;
}
