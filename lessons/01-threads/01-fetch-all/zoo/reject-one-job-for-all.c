// SPDX-License-Identifier: GPL-2.0
// rejected by output: "values["
#include <pthread.h>
#include <stdlib.h>

#include "fetch_all.h"

struct job {
	int id;
	long *value;
};

static void *fetch(void *arg)
{
	struct job *job = arg;

	*job->value = slow_read(job->id);
	return NULL;
}

void fetch_all(const int *ids, int n, long *values)
{
	pthread_t threads[64];
	struct job job;
	int i;

	for (i = 0; i < n; i++) {
		job = (struct job){ .id = ids[i], .value = &values[i] };
		if (pthread_create(&threads[i], NULL, fetch, &job))
			abort();
	}
	for (i = 0; i < n; i++) /* only now: all of them are under way */
		pthread_join(threads[i], NULL);
}
