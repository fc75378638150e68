// SPDX-License-Identifier: GPL-2.0
// finds: hang
// Producers and consumers wait on one condition, and a signal wakes one of the wrong kind.
#include <pthread.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static int full;

static void *put(void *arg)
{
	(void)arg;
	pthread_mutex_lock(&lock);
	while (full)
		pthread_cond_wait(&changed, &lock);
	full = 1;
	pthread_cond_signal(&changed);
	pthread_mutex_unlock(&lock);
	return NULL;
}

static void *get(void *arg)
{
	(void)arg;
	pthread_mutex_lock(&lock);
	while (!full)
		pthread_cond_wait(&changed, &lock);
	full = 0;
	pthread_cond_signal(&changed);
	pthread_mutex_unlock(&lock);
	return NULL;
}

int main(void)
{
	pthread_t t[6];

	for (int i = 0; i < 3; i++)
		pthread_create(&t[i], NULL, put, NULL);
	for (int i = 3; i < 6; i++)
		pthread_create(&t[i], NULL, get, NULL);
	for (int i = 0; i < 6; i++)
		pthread_join(t[i], NULL);
	return full;
}
