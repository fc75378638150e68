// SPDX-License-Identifier: GPL-2.0
// finds: nothing
// The waiter waits without asking whether it has happened already.
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t booted = PTHREAD_COND_INITIALIZER;
static bool up;

static void *boot(void *arg)
{
	(void)arg;
	pthread_mutex_lock(&lock);
	up = true;
	pthread_cond_signal(&booted);
	pthread_mutex_unlock(&lock);
	return NULL;
}

int main(void)
{
	pthread_t t;

	pthread_create(&t, NULL, boot, NULL);
	pthread_mutex_lock(&lock);
	while (!up)
		pthread_cond_wait(&booted, &lock);
	pthread_mutex_unlock(&lock);
	puts("up");
	pthread_join(t, NULL);
	return 0;
}
