// SPDX-License-Identifier: GPL-2.0
// accepted: a semaphore of one is a lock, too
#include <pthread.h>
#include <stdlib.h>
#include <semaphore.h>

#include "count.h"

struct job {
	const struct text *text;
	int first, step;
	struct stats *stats;
	pthread_t thread;
};

static sem_t one;

static void *work(void *arg)
{
	struct job *job = arg;

	for (int i = job->first; i < job->text->nr_lines; i += job->step) {
		int words = words_in(job->text->lines[i]);

		sem_wait(&one);
		job->stats->words += words;
		if (words > job->stats->longest)
			job->stats->longest = words;
		sem_post(&one);
	}
	return NULL;
}

void count_words(const struct text *t, int workers, struct stats *s)
{
	struct job jobs[16];

	sem_init(&one, 0, 1);
	for (int i = 0; i < workers; i++) {
		jobs[i] = (struct job){ .text = t, .first = i, .step = workers, .stats = s };
		if (pthread_create(&jobs[i].thread, NULL, work, &jobs[i]))
			abort();
	}
	for (int i = 0; i < workers; i++)
		pthread_join(jobs[i].thread, NULL);
}
