// SPDX-License-Identifier: GPL-2.0
// finds: nothing
// Thirty threads count themselves in under the lock and out without it.
#include <assert.h>
#include <pthread.h>

#define N 30

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static volatile int inside;

static void *visitor(void *arg)
{
	(void)arg;
	pthread_mutex_lock(&lock);
	inside++;
	pthread_mutex_unlock(&lock);
	pthread_mutex_lock(&lock);
	inside--;
	pthread_mutex_unlock(&lock);
	return NULL;
}

int main(void)
{
	pthread_t t[N];

	for (int i = 0; i < N; i++)
		if (pthread_create(&t[i], NULL, visitor, NULL))
			return 2;
	for (int i = 0; i < N; i++)
		pthread_join(t[i], NULL);
	assert(inside == 0);
	return 0;
}
