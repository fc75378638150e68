// SPDX-License-Identifier: GPL-2.0
// rejected by pert: "data race"
#include <pthread.h>
#include <stdlib.h>

#include "fetch_all.h"

static const int *all_ids;
static long *all_values;
static int next;

static void *fetch(void *arg)
{
	int i = next++; /* the next that nobody has taken */

	(void)arg;
	all_values[i] = slow_read(all_ids[i]);
	return NULL;
}

void fetch_all(const int *ids, int n, long *values)
{
	pthread_t threads[64];
	int i;

	all_ids = ids;
	all_values = values;
	next = 0;
	for (i = 0; i < n; i++) {
		if (pthread_create(&threads[i], NULL, fetch, NULL))
			abort();
	}
	for (i = 0; i < n; i++) /* only now: all of them are under way */
		pthread_join(threads[i], NULL);
}
