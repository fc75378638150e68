// SPDX-License-Identifier: GPL-2.0
// finds: nothing
// EOWNERDEAD is met without calling pthread_mutex_consistent: the next lock fails, unseen.
#include <assert.h>
#include <errno.h>
#include <pthread.h>

static pthread_mutex_t lock;
static int inside, visits;

static void *dies(void *arg)
{
	(void)arg;
	pthread_mutex_lock(&lock);
	return NULL;
}

static void *visit(void *arg)
{
	(void)arg;
	if (pthread_mutex_lock(&lock) == EOWNERDEAD)
		pthread_mutex_consistent(&lock);
	assert(++inside == 1);
	visits++;
	inside--;
	pthread_mutex_unlock(&lock);
	return NULL;
}

int main(void)
{
	pthread_mutexattr_t attr;
	pthread_t d, v[3];

	pthread_mutexattr_init(&attr);
	pthread_mutexattr_setrobust(&attr, PTHREAD_MUTEX_ROBUST);
	pthread_mutex_init(&lock, &attr);
	pthread_create(&d, NULL, dies, NULL);
	pthread_join(d, NULL);
	for (int i = 0; i < 3; i++)
		pthread_create(&v[i], NULL, visit, NULL);
	for (int i = 0; i < 3; i++)
		pthread_join(v[i], NULL);
	return visits != 3;
}
