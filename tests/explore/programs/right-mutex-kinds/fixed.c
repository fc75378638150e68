// SPDX-License-Identifier: GPL-2.0
// finds: nothing
// Recursive and error-checking mutexes, used as they are meant.
#include <assert.h>
#include <errno.h>
#include <pthread.h>

static pthread_mutex_t deep, strict;
static int depth_sum;

static void descend(int n)
{
	pthread_mutex_lock(&deep);
	depth_sum += n;
	if (n > 0)
		descend(n - 1);
	pthread_mutex_unlock(&deep);
}

static void *diver(void *arg)
{
	(void)arg;
	descend(2);
	assert(pthread_mutex_unlock(&strict) == EPERM);
	pthread_mutex_lock(&strict);
	assert(pthread_mutex_lock(&strict) == EDEADLK);
	assert(pthread_mutex_trylock(&strict) == EBUSY);
	pthread_mutex_unlock(&strict);
	return NULL;
}

int main(void)
{
	pthread_mutexattr_t attr;
	pthread_t t[2];

	pthread_mutexattr_init(&attr);
	pthread_mutexattr_settype(&attr, PTHREAD_MUTEX_RECURSIVE);
	pthread_mutex_init(&deep, &attr);
	pthread_mutexattr_settype(&attr, PTHREAD_MUTEX_ERRORCHECK);
	pthread_mutex_init(&strict, &attr);
	for (int i = 0; i < 2; i++)
		pthread_create(&t[i], NULL, diver, NULL);
	for (int i = 0; i < 2; i++)
		pthread_join(t[i], NULL);
	assert(depth_sum == 6);
	return 0;
}
