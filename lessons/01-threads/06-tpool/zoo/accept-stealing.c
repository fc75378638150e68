// SPDX-License-Identifier: GPL-2.0
// accepted: a list for each worker, and who finds his own empty takes from another's
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>

#include "tpool.h"

struct job {
	struct job *next;
	void (*task)(void *);
	void *arg;
};

struct worker {
	struct tpool *pool;
	pthread_mutex_t lock; /* guards jobs */
	struct job *jobs;
	pthread_t thread;
};

struct tpool {
	pthread_mutex_t lock; /* guards what follows */
	pthread_cond_t some_to_do, all_done;
	int listed, unfinished;
	bool closing;
	atomic_uint turn; /* whose list the next job goes to */
	unsigned int workers;
	struct worker worker[];
};

static struct job *take(struct worker *w)
{
	struct job *j;

	pthread_mutex_lock(&w->lock);
	j = w->jobs;
	if (j)
		w->jobs = j->next;
	pthread_mutex_unlock(&w->lock);
	return j;
}

/* One job is promised: some list has it, or will have had it before we have been at all of them. */
static struct job *take_or_steal(struct tpool *p, struct worker *mine)
{
	struct job *j = take(mine);

	for (unsigned int i = 0; !j; i++)
		j = take(&p->worker[i % p->workers]);
	return j;
}

static void *work(void *arg)
{
	struct worker *w = arg;
	struct tpool *p = w->pool;
	struct job *j;

	pthread_mutex_lock(&p->lock);
	for (;;) {
		while (!p->listed && !p->closing)
			pthread_cond_wait(&p->some_to_do, &p->lock);
		if (!p->listed)
			break;
		p->listed--;
		pthread_mutex_unlock(&p->lock);
		j = take_or_steal(p, w);
		j->task(j->arg);
		free(j);
		pthread_mutex_lock(&p->lock);
		if (!--p->unfinished)
			pthread_cond_broadcast(&p->all_done);
	}
	pthread_mutex_unlock(&p->lock);
	return NULL;
}

struct tpool *tpool_create(int workers)
{
	struct tpool *p = calloc(1, sizeof(*p) + (size_t)workers * sizeof(p->worker[0]));

	if (!p)
		return NULL;
	pthread_mutex_init(&p->lock, NULL);
	pthread_cond_init(&p->some_to_do, NULL);
	pthread_cond_init(&p->all_done, NULL);
	p->workers = (unsigned int)workers;
	for (unsigned int i = 0; i < p->workers; i++) {
		p->worker[i].pool = p;
		pthread_mutex_init(&p->worker[i].lock, NULL);
	}
	for (unsigned int i = 0; i < p->workers; i++)
		if (pthread_create(&p->worker[i].thread, NULL, work, &p->worker[i]))
			abort();
	return p;
}

int tpool_submit(struct tpool *p, void (*task)(void *), void *arg)
{
	struct worker *w = &p->worker[atomic_fetch_add(&p->turn, 1) % p->workers];
	struct job *j = malloc(sizeof(*j));

	if (!j)
		return -1;
	j->task = task;
	j->arg = arg;
	pthread_mutex_lock(&w->lock);
	j->next = w->jobs;
	w->jobs = j;
	pthread_mutex_unlock(&w->lock);

	pthread_mutex_lock(&p->lock);
	p->listed++;
	p->unfinished++;
	pthread_cond_signal(&p->some_to_do);
	pthread_mutex_unlock(&p->lock);
	return 0;
}

void tpool_wait(struct tpool *p)
{
	pthread_mutex_lock(&p->lock);
	while (p->unfinished)
		pthread_cond_wait(&p->all_done, &p->lock);
	pthread_mutex_unlock(&p->lock);
}

void tpool_destroy(struct tpool *p)
{
	pthread_mutex_lock(&p->lock);
	p->closing = true;
	pthread_cond_broadcast(&p->some_to_do);
	pthread_mutex_unlock(&p->lock);
	for (unsigned int i = 0; i < p->workers; i++)
		pthread_join(p->worker[i].thread, NULL);
	free(p);
}
