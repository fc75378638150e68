// SPDX-License-Identifier: GPL-2.0
// finds: nothing
// A doubler and an adder overwrite one level with what they saw; few of the many outcomes are out of bounds.
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>

static atomic_int level = 1;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static void change(int factor, int add)
{
	pthread_mutex_lock(&lock);
	atomic_store(&level, atomic_load(&level) * factor + add);
	pthread_mutex_unlock(&lock);
}

static void *doubler(void *arg)
{
	(void)arg;
	for (int i = 0; i < 3; i++)
		change(2, 0);
	return NULL;
}

static void *adder(void *arg)
{
	(void)arg;
	for (int i = 0; i < 3; i++)
		change(1, 3);
	return NULL;
}

int main(void)
{
	pthread_t t[2];

	pthread_create(&t[0], NULL, doubler, NULL);
	pthread_create(&t[1], NULL, adder, NULL);
	pthread_join(t[0], NULL);
	pthread_join(t[1], NULL);
	/* 8 + 9, doubled as often as there are doublings after each addition */
	assert(level >= 17 && level <= 80);
	return 0;
}
