// SPDX-License-Identifier: GPL-2.0
// finds: nothing
// A ring for one producer and one consumer; the slots are plain memory.
#include <assert.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>

#define SIZE 4

static int ring[SIZE];
static atomic_uint head, tail;

static void *producer(void *arg)
{
	(void)arg;
	for (unsigned i = 0; i < 6; i++) {
		while (i - atomic_load_explicit(&tail, memory_order_acquire) == SIZE)
			sched_yield();
		ring[i % SIZE] = i * i;
		atomic_store_explicit(&head, i + 1, memory_order_release);
	}
	return NULL;
}

int main(void)
{
	pthread_t t;

	pthread_create(&t, NULL, producer, NULL);
	for (unsigned i = 0; i < 6; i++) {
		while (atomic_load_explicit(&head, memory_order_acquire) == i)
			;
		assert(ring[i % SIZE] == (int)(i * i));
		atomic_store_explicit(&tail, i + 1, memory_order_release);
	}
	pthread_join(t, NULL);
	return 0;
}
