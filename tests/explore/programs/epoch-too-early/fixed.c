// SPDX-License-Identifier: GPL-2.0
// finds: nothing
// Memory is reused when the epoch has moved, without asking whether a reader is still in the old one.
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>

static atomic_int epoch = 1, reader_epoch; /* 0: not reading */
static atomic_int slots[2] = { 1, 1 };	   /* 1: valid */
static atomic_int current;

static void *reader(void *arg)
{
	(void)arg;
	for (int i = 0; i < 2; i++) {
		atomic_store(&reader_epoch, atomic_load(&epoch));
		int at = atomic_load(&current);
		assert(atomic_load(&slots[at]) == 1);
		atomic_store(&reader_epoch, 0);
	}
	return NULL;
}

static void *writer(void *arg)
{
	int old = atomic_load(&current);

	(void)arg;
	atomic_store(&current, !old);
	atomic_fetch_add(&epoch, 1);
	if (atomic_load(&reader_epoch) == 0)
		atomic_store(&slots[old], 0);
	return NULL;
}

int main(void)
{
	pthread_t t[2];

	pthread_create(&t[0], NULL, reader, NULL);
	pthread_create(&t[1], NULL, writer, NULL);
	pthread_join(t[0], NULL);
	pthread_join(t[1], NULL);
	return 0;
}
