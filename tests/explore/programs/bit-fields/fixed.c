// SPDX-License-Identifier: GPL-2.0
// finds: nothing
// Two flags of one word, each guarded by a lock of its own.
#include <assert.h>
#include <pthread.h>

static struct {
	unsigned dirty : 1;
	unsigned : 0;
	unsigned hits : 15;
} page;
static pthread_mutex_t dirty_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t hits_lock = PTHREAD_MUTEX_INITIALIZER;

static void *writer(void *arg)
{
	(void)arg;
	pthread_mutex_lock(&dirty_lock);
	page.dirty = 1;
	pthread_mutex_unlock(&dirty_lock);
	return NULL;
}

static void *reader(void *arg)
{
	(void)arg;
	for (int i = 0; i < 3; i++) {
		pthread_mutex_lock(&hits_lock);
		page.hits++;
		pthread_mutex_unlock(&hits_lock);
	}
	return NULL;
}

int main(void)
{
	pthread_t t[2];

	pthread_create(&t[0], NULL, writer, NULL);
	pthread_create(&t[1], NULL, reader, NULL);
	pthread_join(t[0], NULL);
	pthread_join(t[1], NULL);
	assert(page.dirty == 1 && page.hits == 3);
	return 0;
}
