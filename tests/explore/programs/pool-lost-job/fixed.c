// SPDX-License-Identifier: GPL-2.0
// finds: nothing
// A pool thread looks for jobs, finds none, and waits without looking again under the lock.
#include <pthread.h>
#include <stdbool.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t more = PTHREAD_COND_INITIALIZER;
static int jobs, done;
static bool closing;

static bool next_job(void)
{
	pthread_mutex_lock(&lock);
	while (jobs == 0 && !closing)
		pthread_cond_wait(&more, &lock);
	bool got = jobs > 0;
	if (got)
		jobs--;
	pthread_mutex_unlock(&lock);
	return got;
}

static void *pool_thread(void *arg)
{
	(void)arg;
	while (next_job()) {
		pthread_mutex_lock(&lock);
		done++;
		pthread_mutex_unlock(&lock);
	}
	return NULL;
}

int main(void)
{
	pthread_t t[2];

	for (int i = 0; i < 2; i++)
		pthread_create(&t[i], NULL, pool_thread, NULL);
	for (int i = 0; i < 3; i++) {
		pthread_mutex_lock(&lock);
		jobs++;
		pthread_cond_signal(&more);
		pthread_mutex_unlock(&lock);
	}
	pthread_mutex_lock(&lock);
	closing = true;
	pthread_cond_broadcast(&more);
	pthread_mutex_unlock(&lock);
	for (int i = 0; i < 2; i++)
		pthread_join(t[i], NULL);
	return 0;
}
