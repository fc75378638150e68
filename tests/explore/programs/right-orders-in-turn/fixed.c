// SPDX-License-Identifier: GPL-2.0
// finds: nothing
// Two orders of two locks in two threads, the second started when the first is over.
#include <pthread.h>

static pthread_mutex_t a = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t b = PTHREAD_MUTEX_INITIALIZER;

static void *locker(void *arg)
{
	pthread_mutex_t **order = arg;

	pthread_mutex_lock(order[0]);
	pthread_mutex_lock(order[1]);
	pthread_mutex_unlock(order[1]);
	pthread_mutex_unlock(order[0]);
	return NULL;
}

int main(void)
{
	pthread_mutex_t *order[2][2] = { { &a, &b }, { &b, &a } };
	pthread_t t;

	for (int i = 0; i < 2; i++) {
		pthread_create(&t, NULL, locker, order[i]);
		pthread_join(t, NULL);
	}
	return 0;
}
