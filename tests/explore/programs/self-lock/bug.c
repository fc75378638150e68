// SPDX-License-Identifier: GPL-2.0
// finds: relock or deadlock
// On a full queue the add calls a flush that takes the lock its caller holds.
#include <pthread.h>
#include <stdio.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int queue[4], nr, flushed;

static void flush(void)
{
	pthread_mutex_lock(&lock);
	flushed += nr;
	nr = 0;
	pthread_mutex_unlock(&lock);
}

static void add(int v)
{
	pthread_mutex_lock(&lock);
	if (nr == 4)
		flush();
	queue[nr++] = v;
	pthread_mutex_unlock(&lock);
}

static void *producer(void *arg)
{
	for (int i = 0; i < 3; i++)
		add(*(int *)arg + i);
	return NULL;
}

static void *consumer(void *arg)
{
	(void)arg;
	for (int i = 0; i < 4; i++) {
		pthread_mutex_lock(&lock);
		if (nr > 0)
			nr--;
		pthread_mutex_unlock(&lock);
	}
	return NULL;
}

int main(void)
{
	int base[2] = { 10, 20 };
	pthread_t t[3];

	pthread_create(&t[0], NULL, consumer, NULL);
	pthread_create(&t[1], NULL, producer, &base[0]);
	pthread_create(&t[2], NULL, producer, &base[1]);
	for (int i = 0; i < 3; i++)
		pthread_join(t[i], NULL);
	printf("%d left, %d flushed\n", nr, flushed);
	return 0;
}
