// SPDX-License-Identifier: GPL-2.0
// finds: nothing
// A ring for one producer is given two: both may fill the slot that one of them publishes.
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>

#define SIZE 8

static atomic_int ring[SIZE];
static atomic_uint head, tail;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static void push(int v)
{
	pthread_mutex_lock(&lock);
	unsigned h = atomic_load(&head);

	atomic_store(&ring[h % SIZE], v);
	atomic_store(&head, h + 1);
	pthread_mutex_unlock(&lock);
}

static int pop(void)
{
	unsigned t = atomic_load(&tail);

	if (t == atomic_load(&head))
		return 0;
	int v = atomic_load(&ring[t % SIZE]);
	atomic_store(&tail, t + 1);
	return v;
}

static void *producer(void *arg)
{
	for (int i = 0; i < 3; i++)
		push(*(int *)arg + i);
	return NULL;
}

int main(void)
{
	int base[2] = { 10, 20 }, sum = 0;
	pthread_t t[2];

	for (int i = 0; i < 2; i++)
		pthread_create(&t[i], NULL, producer, &base[i]);
	for (int i = 0; i < 3; i++)
		sum += pop();
	for (int i = 0; i < 2; i++)
		pthread_join(t[i], NULL);
	for (int v = pop(); v; v = pop())
		sum += v;
	assert(sum == 96);
	return 0;
}
