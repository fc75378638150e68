// SPDX-License-Identifier: GPL-2.0
// finds: nothing
// Both orders of two locks, but only under a third: no deadlock is possible.
#include <pthread.h>

static pthread_mutex_t gate = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t a = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t b = PTHREAD_MUTEX_INITIALIZER;
static int moved;

static void *mover(void *arg)
{
	int forth = *(int *)arg;

	pthread_mutex_lock(&gate);
	pthread_mutex_lock(forth ? &a : &b);
	pthread_mutex_lock(forth ? &b : &a);
	moved++;
	pthread_mutex_unlock(&b);
	pthread_mutex_unlock(&a);
	pthread_mutex_unlock(&gate);
	return NULL;
}

int main(void)
{
	int forth[2] = { 0, 1 };
	pthread_t t[2];

	for (int i = 0; i < 2; i++)
		pthread_create(&t[i], NULL, mover, &forth[i]);
	for (int i = 0; i < 2; i++)
		pthread_join(t[i], NULL);
	return moved != 2;
}
