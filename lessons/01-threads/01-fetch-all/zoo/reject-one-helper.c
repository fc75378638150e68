// SPDX-License-Identifier: GPL-2.0
// rejected by structure: "created 1 thread"
#include <pthread.h>
#include <stdlib.h>

#include "fetch_all.h"

struct all {
	const int *ids;
	int n;
	long *values;
};

static void *fetch(void *arg)
{
	struct all *all = arg;

	for (int i = 0; i < all->n; i++)
		all->values[i] = slow_read(all->ids[i]);
	return NULL;
}

void fetch_all(const int *ids, int n, long *values)
{
	struct all all = { ids, n, values };
	pthread_t thread;

	if (pthread_create(&thread, NULL, fetch, &all))
		abort();
	pthread_join(thread, NULL);
}
