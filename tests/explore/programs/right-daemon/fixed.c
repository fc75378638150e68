// SPDX-License-Identifier: GPL-2.0
// finds: nothing
// main returns while a detached thread sleeps for ever, which is how daemons end.
#include <pthread.h>
#include <stdio.h>
#include <unistd.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t never = PTHREAD_COND_INITIALIZER;
static int beats;

static void *heart(void *arg)
{
	(void)arg;
	for (;;) {
		pthread_mutex_lock(&lock);
		beats++;
		pthread_mutex_unlock(&lock);
		usleep(1000);
	}
	return NULL;
}

static void *idler(void *arg)
{
	(void)arg;
	pthread_mutex_lock(&lock);
	for (;;)
		pthread_cond_wait(&never, &lock);
	return NULL;
}

int main(void)
{
	pthread_t t;

	pthread_create(&t, NULL, heart, NULL);
	pthread_detach(t);
	pthread_create(&t, NULL, idler, NULL);
	pthread_detach(t);
	pthread_mutex_lock(&lock);
	printf("%d beats\n", beats);
	pthread_mutex_unlock(&lock);
	return 0;
}
