// SPDX-License-Identifier: GPL-2.0
// rejected by output: "values["
#include <pthread.h>
#include <stdlib.h>

#include "fetch_all.h"

static const int *all_ids;
static long *all_values;

static void *fetch(void *arg)
{
	int i = *(int *)arg;

	all_values[i] = slow_read(all_ids[i]);
	return NULL;
}

void fetch_all(const int *ids, int n, long *values)
{
	pthread_t threads[64];

	all_ids = ids;
	all_values = values;
	for (int i = 0; i < n; i++)
		if (pthread_create(&threads[i], NULL, fetch, &i))
			abort();
	for (int i = 0; i < n; i++)
		pthread_join(threads[i], NULL);
}
