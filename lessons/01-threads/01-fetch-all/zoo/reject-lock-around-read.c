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

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static void *fetch(void *arg)
{
	struct job *job = arg;

	pthread_mutex_lock(&lock);
	*job->value = slow_read(job->id);
	pthread_mutex_unlock(&lock);
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
	for (i = 0; i < n; i++) /* only now: all of them are under way */
		pthread_join(jobs[i].thread, NULL);
}
