// SPDX-License-Identifier: GPL-2.0
// rejected by pert: "words were counted, there are 8"
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
		long before = atomic_load(&words_so_far);

		atomic_store(&words_so_far, before + words);
		before = atomic_load(&longest_so_far);
		while (words > before &&
		       !atomic_compare_exchange_weak(&longest_so_far, &before, words))
			;
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
