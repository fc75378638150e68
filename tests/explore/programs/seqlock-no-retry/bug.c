// SPDX-License-Identifier: GPL-2.0
// finds: assert
// The reader waits for an even sequence number but does not look at it again.
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>

static atomic_uint sequence;
static atomic_int seconds, nanoseconds;

static void set_time(int s, int ns)
{
	atomic_fetch_add(&sequence, 1);
	atomic_store(&seconds, s);
	atomic_store(&nanoseconds, ns);
	atomic_fetch_add(&sequence, 1);
}

static void get_time(int *s, int *ns)
{
	unsigned before;

	do {
		while ((before = atomic_load(&sequence)) & 1)
			;
		*s = atomic_load(&seconds);
		*ns = atomic_load(&nanoseconds);
	} while (before & 1);
}

static void *ticker(void *arg)
{
	(void)arg;
	for (int i = 1; i < 4; i++)
		set_time(i, i * 1000);
	return NULL;
}

static void *reader(void *arg)
{
	int s, ns;

	(void)arg;
	get_time(&s, &ns);
	assert(ns == s * 1000);
	return NULL;
}

int main(void)
{
	pthread_t t[2];

	pthread_create(&t[0], NULL, ticker, NULL);
	pthread_create(&t[1], NULL, reader, NULL);
	pthread_join(t[0], NULL);
	pthread_join(t[1], NULL);
	return 0;
}
