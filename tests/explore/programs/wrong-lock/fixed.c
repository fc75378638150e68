// SPDX-License-Identifier: GPL-2.0
// finds: nothing
// The list is guarded by its own lock in one function and by the table's in another.
#include <assert.h>
#include <pthread.h>

static pthread_mutex_t table_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t list_lock = PTHREAD_MUTEX_INITIALIZER;
static int length, table_entries;

static void *add(void *arg)
{
	(void)arg;
	for (int i = 0; i < 3; i++) {
		pthread_mutex_lock(&list_lock);
		length++;
		pthread_mutex_unlock(&list_lock);
	}
	return NULL;
}

static void *rehash(void *arg)
{
	(void)arg;
	for (int i = 0; i < 3; i++) {
		pthread_mutex_lock(&table_lock);
		table_entries++;
		pthread_mutex_lock(&list_lock);
		length++;
		pthread_mutex_unlock(&list_lock);
		pthread_mutex_unlock(&table_lock);
	}
	return NULL;
}

int main(void)
{
	pthread_t t[2];

	pthread_create(&t[0], NULL, add, NULL);
	pthread_create(&t[1], NULL, rehash, NULL);
	pthread_join(t[0], NULL);
	pthread_join(t[1], NULL);
	assert(length == 6 && table_entries == 3);
	return 0;
}
