// SPDX-License-Identifier: GPL-2.0
// rejected by overlap: "asleep within"
#include <pthread.h>
#include <stdlib.h>

#include "fetch_all.h"

struct job { /* of one thread, so that no two share what they are told */
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
		if (i % 2)
			pthread_join(jobs[i - 1].thread, NULL), pthread_join(jobs[i].thread, NULL);
	}
	if (n % 2)
		pthread_join(jobs[n - 1].thread, NULL);
}
