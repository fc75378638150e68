// SPDX-License-Identifier: GPL-2.0
// rejected by output: "values["
#include <pthread.h>
#include <stdlib.h>

#include "fetch_all.h"

struct job {
	int id;
	pthread_t thread;
};

static long value; /* what was read */

static void *fetch(void *arg)
{
	struct job *job = arg;

	value = slow_read(job->id);
	return NULL;
}

void fetch_all(const int *ids, int n, long *values)
{
	struct job jobs[64];
	int i;

	for (i = 0; i < n; i++) {
		jobs[i] = (struct job){ .id = ids[i] };
		if (pthread_create(&jobs[i].thread, NULL, fetch, &jobs[i]))
			abort();
	}
	for (i = 0; i < n; i++) {
		pthread_join(jobs[i].thread, NULL);
		values[i] = value;
	}
}
