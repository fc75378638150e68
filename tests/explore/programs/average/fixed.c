// SPDX-License-Identifier: GPL-2.0
// finds: nothing
// Sum and count change in two critical sections, and a reader may come between.
#include <assert.h>
#include <pthread.h>
#include <stdio.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static long sum, count;

static void add(long v)
{
	pthread_mutex_lock(&lock);
	sum += v;
	count++;
	pthread_mutex_unlock(&lock);
}

static void *measure(void *arg)
{
	(void)arg;
	for (int i = 0; i < 4; i++)
		add(10);
	return NULL;
}

static void *show(void *arg)
{
	(void)arg;
	pthread_mutex_lock(&lock);
	long average = count ? sum / count : 0;
	assert(average == 0 || average == 10);
	pthread_mutex_unlock(&lock);
	printf("average %ld\n", average);
	return NULL;
}

int main(void)
{
	pthread_t t[2];

	pthread_create(&t[0], NULL, measure, NULL);
	pthread_create(&t[1], NULL, show, NULL);
	pthread_join(t[0], NULL);
	pthread_join(t[1], NULL);
	return 0;
}
