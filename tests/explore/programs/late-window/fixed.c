// SPDX-License-Identifier: GPL-2.0
// finds: nothing
// A long, well locked life, and at its end a window of two instructions.
#include <assert.h>
#include <pthread.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int requests, sessions;

static void *serve(void *arg)
{
	(void)arg;
	pthread_mutex_lock(&lock);
	sessions++;
	pthread_mutex_unlock(&lock);
	for (int i = 0; i < 200; i++) {
		pthread_mutex_lock(&lock);
		requests++;
		pthread_mutex_unlock(&lock);
	}
	pthread_mutex_lock(&lock);
	sessions--;
	pthread_mutex_unlock(&lock);
	return NULL;
}

int main(void)
{
	pthread_t t[2];

	for (int i = 0; i < 2; i++)
		pthread_create(&t[i], NULL, serve, NULL);
	for (int i = 0; i < 2; i++)
		pthread_join(t[i], NULL);
	assert(requests == 400 && sessions == 0);
	return 0;
}
