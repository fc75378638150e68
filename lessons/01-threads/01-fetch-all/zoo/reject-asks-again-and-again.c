// SPDX-License-Identifier: GPL-2.0
// rejected by waiting: "for anybody"
#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

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
	struct job jobs[64];
	int i;

	for (i = 0; i < n; i++) {
		jobs[i] = (struct job){ .id = ids[i], .value = &values[i] };
		if (pthread_create(&jobs[i].thread, NULL, fetch, &jobs[i]))
			abort();
	}
	for (i = 0; i < n; i++)
		while (pthread_tryjoin_np(jobs[i].thread, NULL))
			usleep(500);
}
