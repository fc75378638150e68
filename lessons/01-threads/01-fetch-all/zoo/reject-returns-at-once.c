// SPDX-License-Identifier: GPL-2.0
// rejected by output: "values["
#include <pthread.h>
#include <stdlib.h>

#include "fetch_all.h"

struct job {
	int id;
	long *value;
	pthread_t thread;
};

static void *fetch(void *arg)
{
	struct job *job = arg;

	*job->value = slow_read(job->id);
	return NULL;
}

void fetch_all(const int *ids, int n, long *values)
{
	struct job *jobs = calloc((size_t)n + 1, sizeof(*jobs)); /* outlives us */
	int i;

	for (i = 0; i < n; i++) {
		jobs[i] = (struct job){ .id = ids[i], .value = &values[i] };
		if (pthread_create(&jobs[i].thread, NULL, fetch, &jobs[i]))
			abort();
		pthread_detach(jobs[i].thread);
	}
}
