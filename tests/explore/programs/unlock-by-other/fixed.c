// SPDX-License-Identifier: GPL-2.0
// finds: nothing
// A mutex is used as a signal: locked by the starter, unlocked by whoever is done.
#include <pthread.h>
#include <semaphore.h>

static sem_t done;
static int result;

static void *compute(void *arg)
{
	(void)arg;
	result = 6 * 7;
	sem_post(&done);
	return NULL;
}

int main(void)
{
	pthread_t t;

	sem_init(&done, 0, 0);
	pthread_create(&t, NULL, compute, NULL);
	sem_wait(&done);
	int r = result;
	pthread_join(t, NULL);
	return r != 42;
}
