// SPDX-License-Identifier: GPL-2.0
// finds: unlock-by-another or relock
// A mutex is used as a signal: locked by the starter, unlocked by whoever is done.
#include <pthread.h>
#include <semaphore.h>

static pthread_mutex_t done = PTHREAD_MUTEX_INITIALIZER;
static int result;

static void *compute(void *arg)
{
	(void)arg;
	result = 6 * 7;
	pthread_mutex_unlock(&done);
	return NULL;
}

int main(void)
{
	pthread_t t;

	pthread_mutex_lock(&done);
	pthread_create(&t, NULL, compute, NULL);
	pthread_mutex_lock(&done);
	int r = result;
	pthread_mutex_unlock(&done);
	pthread_join(t, NULL);
	return r != 42;
}
