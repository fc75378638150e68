// SPDX-License-Identifier: GPL-2.0
// rejected by structure: "had not ended" or "keeps the stacks"
#include <pthread.h>
#include <stdlib.h>

#include "fetch_all.h"

struct job {
	int id;
	long *value;
	pthread_t thread;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static int left;

static void *fetch(void *arg)
{
	struct job *job = arg;

	*job->value = slow_read(job->id);
	pthread_mutex_lock(&lock);
	left--;
	pthread_cond_signal(&changed);
	pthread_mutex_unlock(&lock);
	return NULL;
}

void fetch_all(const int *ids, int n, long *values)
{
	struct job *jobs = calloc((size_t)n + 1, sizeof(*jobs)); /* outlives us */
	int i;

	left = n;
	for (i = 0; i < n; i++) {
		jobs[i] = (struct job){ .id = ids[i], .value = &values[i] };
		if (pthread_create(&jobs[i].thread, NULL, fetch, &jobs[i]))
			abort();
	}
	pthread_mutex_lock(&lock);
	while (left)
		pthread_cond_wait(&changed, &lock);
	pthread_mutex_unlock(&lock);
}
