// SPDX-License-Identifier: GPL-2.0
// finds: exit
// After three vain tries a sample is dropped, though all are said to be counted.
#include <pthread.h>
#include <sched.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int counted;

static void count(void)
{
	for (int tries = 0; pthread_mutex_trylock(&lock); tries++) {
		if (tries == 2)
			return;
		sched_yield();
	}
	counted++;
	pthread_mutex_unlock(&lock);
}

static void *probe(void *arg)
{
	(void)arg;
	for (int i = 0; i < 3; i++)
		count();
	return NULL;
}

int main(void)
{
	pthread_t t[2];

	for (int i = 0; i < 2; i++)
		pthread_create(&t[i], NULL, probe, NULL);
	for (int i = 0; i < 2; i++)
		pthread_join(t[i], NULL);
	return counted != 6;
}
