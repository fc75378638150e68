// SPDX-License-Identifier: GPL-2.0
// rejected by pert: "in the longest line, there are 3"
#include <pthread.h>
#include <stdlib.h>
#include <stdatomic.h>

#include "count.h"

struct job {
	const struct text *text;
	int first, step;
	struct stats *stats;
	pthread_t thread;
};

static atomic_long words_so_far, longest_so_far;

static void *work(void *arg)
{
	struct job *job = arg;

	for (int i = job->first; i < job->text->nr_lines; i += job->step) {
		int words = words_in(job->text->lines[i]);

		words_so_far += words;
		if (words > longest_so_far)
			longest_so_far = words; /* each step is atomic, the two together are not */
	}
	return NULL;
}

void count_words(const struct text *t, int workers, struct stats *s)
{
	struct job jobs[16];

	words_so_far = longest_so_far = 0;
	for (int i = 0; i < workers; i++) {
		jobs[i] = (struct job){ .text = t, .first = i, .step = workers, .stats = s };
		if (pthread_create(&jobs[i].thread, NULL, work, &jobs[i]))
			abort();
	}
	for (int i = 0; i < workers; i++)
		pthread_join(jobs[i].thread, NULL);
	s->words = words_so_far;
	s->longest = longest_so_far;
}
