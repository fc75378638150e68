// SPDX-License-Identifier: GPL-2.0
// rejected by waiting: "for anybody"
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>

#include "count.h"

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static atomic_int done;

struct job {
	const struct text *text;
	struct stats *stats;
	int first, step;
	pthread_t thread;
};

static void *work(void *arg)
{
	struct job *j = arg;

	for (int i = j->first; i < j->text->nr_lines; i += j->step) {
		int words = words_in(j->text->lines[i]);

		pthread_mutex_lock(&lock);
		j->stats->words += words;
		if (words > j->stats->longest)
			j->stats->longest = words;
		pthread_mutex_unlock(&lock);
	}
	done++;
	return NULL;
}

/* All is right, but for the caller, which needs a CPU to wait: it asks again and again. */
void count_words(const struct text *t, int workers, struct stats *s)
{
	struct job jobs[16];

	done = 0;
	for (int i = 0; i < workers; i++) {
		jobs[i] = (struct job){ .text = t, .stats = s, .first = i, .step = workers };
		pthread_create(&jobs[i].thread, NULL, work, &jobs[i]);
	}
	while (done < workers)
		sched_yield();
	for (int i = 0; i < workers; i++)
		pthread_join(jobs[i].thread, NULL);
}
