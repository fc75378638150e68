// SPDX-License-Identifier: GPL-2.0
// rejected by waiting: "for anybody"
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "fetch_all.h"

struct job {
	int id;
	long *value;
	pthread_t thread;
};

static atomic_int left;

static void *fetch(void *arg)
{
	struct job *job = arg;

	*job->value = slow_read(job->id);
	left--;
	return NULL;
}

void fetch_all(const int *ids, int n, long *values)
{
	struct job jobs[64];
	int i;

	left = n;
	for (i = 0; i < n; i++) {
		jobs[i] = (struct job){ .id = ids[i], .value = &values[i] };
		if (pthread_create(&jobs[i].thread, NULL, fetch, &jobs[i]))
			abort();
	}
	while (left)
		;
	for (i = 0; i < n; i++)
		pthread_join(jobs[i].thread, NULL);
}
