// SPDX-License-Identifier: GPL-2.0
// finds: deadlock or relock
// A read lock is upgraded by taking the write lock on top, if an entry is stale.
#include <pthread.h>

static pthread_rwlock_t lock = PTHREAD_RWLOCK_INITIALIZER;
static int version, cached_version;

static void refresh(void)
{
	pthread_rwlock_rdlock(&lock);
	if (cached_version != version) {
		pthread_rwlock_wrlock(&lock);
		cached_version = version;
	}
	pthread_rwlock_unlock(&lock);
}

static void *reader(void *arg)
{
	(void)arg;
	for (int i = 0; i < 3; i++)
		refresh();
	return NULL;
}

static void *updater(void *arg)
{
	(void)arg;
	pthread_rwlock_wrlock(&lock);
	version++;
	pthread_rwlock_unlock(&lock);
	pthread_rwlock_wrlock(&lock);
	cached_version = version;
	pthread_rwlock_unlock(&lock);
	return NULL;
}

int main(void)
{
	pthread_t r, u;

	pthread_create(&u, NULL, updater, NULL);
	pthread_create(&r, NULL, reader, NULL);
	pthread_join(u, NULL);
	pthread_join(r, NULL);
	return 0;
}
