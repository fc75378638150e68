// SPDX-License-Identifier: GPL-2.0
// rejected by output: "signal 11"
#include <pthread.h>

#include "fetch_all.h"

static void *fetch(void *arg)
{
	static __thread long value;

	value = slow_read(*(const int *)arg);
	return &value;
}

/* What is a thread's own ends with the thread: it is read when that is over. */
void fetch_all(const int *ids, int n, long *values)
{
	pthread_t threads[64];
	void *value;

	for (int i = 0; i < n; i++)
		pthread_create(&threads[i], NULL, fetch, (void *)&ids[i]);
	for (int i = 0; i < n; i++) {
		pthread_join(threads[i], &value);
		values[i] = *(long *)value;
	}
}
