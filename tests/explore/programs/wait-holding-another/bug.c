// SPDX-License-Identifier: GPL-2.0
// finds: deadlock or hang
// The consumer waits for work with the statistics lock held, which the producer needs.
#include <pthread.h>

static pthread_mutex_t stats = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t filled = PTHREAD_COND_INITIALIZER;
static int items, produced, consumed;

static void *consumer(void *arg)
{
	(void)arg;
	pthread_mutex_lock(&stats);
	pthread_mutex_lock(&lock);
	while (items == 0)
		pthread_cond_wait(&filled, &lock);
	items--;
	pthread_mutex_unlock(&lock);
	consumed++;
	pthread_mutex_unlock(&stats);
	return NULL;
}

static void *producer(void *arg)
{
	(void)arg;
	pthread_mutex_lock(&stats);
	produced++;
	pthread_mutex_unlock(&stats);
	pthread_mutex_lock(&lock);
	items++;
	pthread_cond_signal(&filled);
	pthread_mutex_unlock(&lock);
	return NULL;
}

int main(void)
{
	pthread_t c, p;

	pthread_create(&p, NULL, producer, NULL);
	pthread_create(&c, NULL, consumer, NULL);
	pthread_join(p, NULL);
	pthread_join(c, NULL);
	return produced != consumed;
}
