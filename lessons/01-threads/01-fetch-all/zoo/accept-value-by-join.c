// SPDX-License-Identifier: GPL-2.0
// accepted: each thread returns its value, and the join brings it
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>

#include "fetch_all.h"

static void *fetch(void *id)
{
	return (void *)(intptr_t)slow_read((int)(intptr_t)id);
}

void fetch_all(const int *ids, int n, long *values)
{
	pthread_t threads[64];
	void *value;

	for (int i = 0; i < n; i++)
		if (pthread_create(&threads[i], NULL, fetch, (void *)(intptr_t)ids[i]))
			abort();
	for (int i = 0; i < n; i++) {
		pthread_join(threads[i], &value);
		values[i] = (intptr_t)value;
	}
}
