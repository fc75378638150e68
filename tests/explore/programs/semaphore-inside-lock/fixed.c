// SPDX-License-Identifier: GPL-2.0
// finds: nothing
// The producer takes the buffer's lock and then waits for a free slot.
#include <pthread.h>
#include <semaphore.h>

#define SLOTS 2

static sem_t free_slots, used_slots;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int buffer[SLOTS], in, out;

static void put(int v)
{
	sem_wait(&free_slots);
	pthread_mutex_lock(&lock);
	buffer[in++ % SLOTS] = v;
	pthread_mutex_unlock(&lock);
	sem_post(&used_slots);
}

static int get(void)
{
	sem_wait(&used_slots);
	pthread_mutex_lock(&lock);
	int v = buffer[out++ % SLOTS];
	pthread_mutex_unlock(&lock);
	sem_post(&free_slots);
	return v;
}

static void *producer(void *arg)
{
	(void)arg;
	for (int i = 1; i <= 4; i++)
		put(i);
	return NULL;
}

int main(void)
{
	pthread_t p;
	int sum = 0;

	sem_init(&free_slots, 0, SLOTS);
	sem_init(&used_slots, 0, 0);
	pthread_create(&p, NULL, producer, NULL);
	for (int i = 0; i < 4; i++)
		sum += get();
	pthread_join(p, NULL);
	sem_destroy(&free_slots);
	sem_destroy(&used_slots);
	return sum != 10;
}
