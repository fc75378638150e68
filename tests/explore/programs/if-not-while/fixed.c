// SPDX-License-Identifier: GPL-2.0
// finds: nothing
// Two consumers: one is woken for an item that the other takes first.
#include <assert.h>
#include <pthread.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t filled = PTHREAD_COND_INITIALIZER;
static int items;

static void *consumer(void *arg)
{
	(void)arg;
	pthread_mutex_lock(&lock);
	while (items == 0)
		pthread_cond_wait(&filled, &lock);
	items--;
	assert(items >= 0);
	pthread_mutex_unlock(&lock);
	return NULL;
}

static void *producer(void *arg)
{
	(void)arg;
	for (int i = 0; i < 2; i++) {
		pthread_mutex_lock(&lock);
		items++;
		pthread_cond_signal(&filled);
		pthread_mutex_unlock(&lock);
	}
	return NULL;
}

int main(void)
{
	pthread_t c[2], p;

	pthread_create(&c[0], NULL, consumer, NULL);
	pthread_create(&p, NULL, producer, NULL);
	pthread_create(&c[1], NULL, consumer, NULL);
	pthread_join(p, NULL);
	for (int i = 0; i < 2; i++)
		pthread_join(c[i], NULL);
	return 0;
}
