// SPDX-License-Identifier: GPL-2.0
// finds: assert
// A miss is seen under the read lock; the insertion under the write lock does not look again.
#include <assert.h>
#include <pthread.h>

static pthread_rwlock_t lock = PTHREAD_RWLOCK_INITIALIZER;
static int keys[8], nr_keys;

static int find(int key)
{
	for (int i = 0; i < nr_keys; i++)
		if (keys[i] == key)
			return i;
	return -1;
}

static void lookup(int key)
{
	pthread_rwlock_rdlock(&lock);
	int at = find(key);
	pthread_rwlock_unlock(&lock);
	if (at >= 0)
		return;
	pthread_rwlock_wrlock(&lock);
	keys[nr_keys++] = key;
	pthread_rwlock_unlock(&lock);
}

static void *client(void *arg)
{
	const int *wanted = arg;

	for (int i = 0; i < 2; i++)
		lookup(wanted[i]);
	return NULL;
}

int main(void)
{
	int wanted[2][2] = { { 1, 2 }, { 3, 2 } };
	pthread_t t[2];

	for (int i = 0; i < 2; i++)
		pthread_create(&t[i], NULL, client, wanted[i]);
	for (int i = 0; i < 2; i++)
		pthread_join(t[i], NULL);
	assert(nr_keys == 3);
	return 0;
}
