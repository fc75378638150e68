// SPDX-License-Identifier: GPL-2.0
// finds: nothing
// A reader that is cancelled in its wait keeps the mutex, which the wait gave back to it.
#include <pthread.h>
#include <stdbool.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t filled = PTHREAD_COND_INITIALIZER;
static bool full;

static void give_back(void *m)
{
	pthread_mutex_unlock(m);
}

static void *reader(void *arg)
{
	(void)arg;
	pthread_mutex_lock(&lock);
	pthread_cleanup_push(give_back, &lock);
	while (!full)
		pthread_cond_wait(&filled, &lock);
	pthread_cleanup_pop(1);
	return NULL;
}

int main(void)
{
	pthread_t t;

	pthread_create(&t, NULL, reader, NULL);
	pthread_cancel(t);
	pthread_mutex_lock(&lock);
	full = true;
	pthread_mutex_unlock(&lock);
	pthread_cond_signal(&filled);
	pthread_join(t, NULL);
	return 0;
}
