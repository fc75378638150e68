// SPDX-License-Identifier: GPL-2.0
// rejected by output: "and printed"
#include <pthread.h>
#include <stdlib.h>

#include "count.h"

struct job {
	struct text text; /* a copy: the caller's is gone before the worker is */
	int first, step;
	struct stats *stats;
	pthread_t thread;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static void *work(void *arg)
{
	struct job *job = arg;

	for (int i = job->first; i < job->text.nr_lines; i += job->step) {
		int words = words_in(job->text.lines[i]);

		pthread_mutex_lock(&lock);
		job->stats->words += words;
		if (words > job->stats->longest)
			job->stats->longest = words;
		pthread_mutex_unlock(&lock);
	}
	return NULL;
}

void count_words(const struct text *t, int workers, struct stats *s)
{
	struct job *jobs = calloc(16, sizeof(*jobs)); /* outlives us, so do they */

	for (int i = 0; i < workers; i++) {
		jobs[i] = (struct job){ .text = *t, .first = i, .step = workers, .stats = s };
		if (pthread_create(&jobs[i].thread, NULL, work, &jobs[i]))
			abort();
	}
	for (int i = 0; i < workers; i++)
		pthread_detach(jobs[i].thread);
}
