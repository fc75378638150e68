// SPDX-License-Identifier: GPL-2.0
// rejected by overlap: "At most 2 threads were within"
#include <pthread.h>
#include "count.h"
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t long_lock[2] = { PTHREAD_MUTEX_INITIALIZER, PTHREAD_MUTEX_INITIALIZER };
struct job {
	const struct text *t;
	struct stats *s;
	int first, step;
	pthread_t th;
};
/* over-locked: of all workers two count at a time */
static void *work(void *p)
{
	struct job *j = p;
	for (int i = j->first; i < j->t->nr_lines; i += j->step) {
		pthread_mutex_lock(&long_lock[j->first % 2]);
		int w = words_in(j->t->lines[i]);
		pthread_mutex_unlock(&long_lock[j->first % 2]);
		pthread_mutex_lock(&lock);
		j->s->words += w;
		if (w > j->s->longest)
			j->s->longest = w;
		pthread_mutex_unlock(&lock);
	}
	return NULL;
}
void count_words(const struct text *t, int workers, struct stats *s)
{
	struct job j[16];
	for (int i = 0; i < workers; i++) {
		j[i] = (struct job){ t, s, i, workers, 0 };
		pthread_create(&j[i].th, NULL, work, &j[i]);
	}
	for (int i = 0; i < workers; i++)
		pthread_join(j[i].th, NULL);
}
