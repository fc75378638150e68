// SPDX-License-Identifier: GPL-2.0
// finds: deadlock
// The pool is shut down with its lock held, which a worker needs to finish.
#include <pthread.h>
#include <stdbool.h>

static pthread_mutex_t pool = PTHREAD_MUTEX_INITIALIZER;
static bool stopping;
static int finished;

static void *worker(void *arg)
{
	(void)arg;
	for (int i = 0; i < 3; i++) {
		pthread_mutex_lock(&pool);
		bool stop = stopping;
		pthread_mutex_unlock(&pool);
		if (stop)
			break;
	}
	pthread_mutex_lock(&pool);
	finished++;
	pthread_mutex_unlock(&pool);
	return NULL;
}

int main(void)
{
	pthread_t t[2];

	for (int i = 0; i < 2; i++)
		pthread_create(&t[i], NULL, worker, NULL);
	pthread_mutex_lock(&pool);
	stopping = true;
	for (int i = 0; i < 2; i++)
		pthread_join(t[i], NULL);
	pthread_mutex_unlock(&pool);
	return finished != 2;
}
