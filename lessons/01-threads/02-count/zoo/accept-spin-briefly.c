// SPDX-License-Identifier: GPL-2.0
// accepted: a lock that spins, for three lines that never sleep
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

static atomic_flag busy = ATOMIC_FLAG_INIT;

static void *work(void *arg)
{
	struct job *job = arg;

	for (int i = job->first; i < job->text->nr_lines; i += job->step) {
		int words = words_in(job->text->lines[i]);

		while (atomic_flag_test_and_set_explicit(&busy, memory_order_acquire))
			;
		job->stats->words += words;
		if (words > job->stats->longest)
			job->stats->longest = words;
		atomic_flag_clear_explicit(&busy, memory_order_release);
	}
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
