// SPDX-License-Identifier: GPL-2.0
// finds: hang or deadlock
// A wait in a function whose caller already holds the recursive mutex gives up one level only.
#include <pthread.h>
#include <stdbool.h>

static pthread_mutex_t lock;
static pthread_cond_t ready = PTHREAD_COND_INITIALIZER;
static bool loaded;

static void wait_loaded(void)
{
	pthread_mutex_lock(&lock);
	while (!loaded)
		pthread_cond_wait(&ready, &lock);
	pthread_mutex_unlock(&lock);
}

static void *draw(void *arg)
{
	(void)arg;
	pthread_mutex_lock(&lock);
	wait_loaded();
	pthread_mutex_unlock(&lock);
	return NULL;
}

static void *load(void *arg)
{
	(void)arg;
	pthread_mutex_lock(&lock);
	loaded = true;
	pthread_cond_signal(&ready);
	pthread_mutex_unlock(&lock);
	return NULL;
}

int main(void)
{
	pthread_mutexattr_t attr;
	pthread_t d, l;

	pthread_mutexattr_init(&attr);
	pthread_mutexattr_settype(&attr, PTHREAD_MUTEX_RECURSIVE);
	pthread_mutex_init(&lock, &attr);
	pthread_create(&l, NULL, load, NULL);
	pthread_create(&d, NULL, draw, NULL);
	pthread_join(l, NULL);
	pthread_join(d, NULL);
	return 0;
}
