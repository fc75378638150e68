// SPDX-License-Identifier: GPL-2.0
// rejected by pert: "data race"
#include <pthread.h>
#include <stdlib.h>

#include "count.h"

struct job {
	const struct text *text;
	int first, step;
	struct stats *stats;
	pthread_t thread;
};

static void *work(void *arg)
{
	struct job *job = arg;
	struct stats mine = { 0 };

	for (int i = job->first; i < job->text->nr_lines; i += job->step) {
		int words = words_in(job->text->lines[i]);

		mine.words += words;
		if (words > mine.longest)
			mine.longest = words;
	}
	job->stats->words += mine.words; /* only once for each worker */
	if (mine.longest > job->stats->longest)
		job->stats->longest = mine.longest;
	return NULL;
}

void count_words(const struct text *t, int workers, struct stats *s)
{
	struct job jobs[16];

	for (int i = 0; i < workers; i++) {
		jobs[i] = (struct job){ .text = t, .first = i, .step = workers, .stats = s };
		if (pthread_create(&jobs[i].thread, NULL, work, &jobs[i]))
			abort();
	}
	for (int i = 0; i < workers; i++)
		pthread_join(jobs[i].thread, NULL);
}
