// SPDX-License-Identifier: GPL-2.0
// rejected by output: "Of 11 values"
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
	struct job jobs[8];
	int i;

	for (i = 0; i < n && i < 8; i++) {
		jobs[i] = (struct job){ .id = ids[i], .value = &values[i] };
		if (pthread_create(&jobs[i].thread, NULL, fetch, &jobs[i]))
			abort();
	}
	for (i = 0; i < n && i < 8; i++) /* only now: all of them are under way */
		pthread_join(jobs[i].thread, NULL);
}
