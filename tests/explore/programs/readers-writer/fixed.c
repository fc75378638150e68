// SPDX-License-Identifier: GPL-2.0
// finds: nothing
// A home-made readers-writer lock: the writer looks for readers before it shuts the door.
#include <assert.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>

static pthread_mutex_t door = PTHREAD_MUTEX_INITIALIZER;
static atomic_int readers;
static atomic_int writing;

static void read_lock(void)
{
	pthread_mutex_lock(&door);
	atomic_fetch_add(&readers, 1);
	pthread_mutex_unlock(&door);
}

static void read_unlock(void)
{
	atomic_fetch_sub(&readers, 1);
}

static void write_lock(void)
{
	pthread_mutex_lock(&door);
	while (atomic_load(&readers) > 0)
		sched_yield();
}

static void *reader(void *arg)
{
	(void)arg;
	for (int i = 0; i < 2; i++) {
		read_lock();
		assert(!atomic_load(&writing));
		read_unlock();
	}
	return NULL;
}

static void *writer(void *arg)
{
	(void)arg;
	write_lock();
	atomic_store(&writing, 1);
	atomic_store(&writing, 0);
	pthread_mutex_unlock(&door);
	return NULL;
}

int main(void)
{
	pthread_t t[3];

	pthread_create(&t[0], NULL, reader, NULL);
	pthread_create(&t[1], NULL, writer, NULL);
	pthread_create(&t[2], NULL, reader, NULL);
	for (int i = 0; i < 3; i++)
		pthread_join(t[i], NULL);
	return 0;
}
