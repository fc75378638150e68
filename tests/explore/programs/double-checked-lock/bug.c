// SPDX-License-Identifier: GPL-2.0
// finds: assert
// The fast path sees the flag, which was set before the table was complete.
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>

#define N 8

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static atomic_bool ready;
static int squares[N];

static void need_table(void)
{
	if (atomic_load(&ready))
		return;
	pthread_mutex_lock(&lock);
	if (!atomic_load(&ready)) {
		atomic_store(&ready, 1);
		for (int i = 0; i < N; i++)
			squares[i] = i * i;
	}
	pthread_mutex_unlock(&lock);
}

static void *user(void *arg)
{
	int i = *(int *)arg;

	need_table();
	assert(squares[i] == i * i);
	return NULL;
}

int main(void)
{
	int which[3] = { 2, 5, 7 };
	pthread_t t[3];

	for (int i = 0; i < 3; i++)
		pthread_create(&t[i], NULL, user, &which[i]);
	for (int i = 0; i < 3; i++)
		pthread_join(t[i], NULL);
	return 0;
}
