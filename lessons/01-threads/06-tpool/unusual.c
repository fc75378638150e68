// SPDX-License-Identifier: GPL-2.0
/*
 * Whoever waits helps: tpool_wait() and tpool_destroy() run tasks themselves while there are any. And a
 * worker is only started when there is a task that nobody is free for.
 */
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>

#include "tpool.h"

struct job {
	struct job *next;
	void (*task)(void *);
	void *arg;
};

struct tpool {
	pthread_mutex_t lock;
	pthread_cond_t changed;
	struct job *
		jobs; /* the youngest first: who said that they run in the order of their coming? */
	int listed, unfinished, idle, started, workers;
	bool closing;
	pthread_t threads[];
};

/* Takes a job and runs it. The lock is held before and after, not while. */
static void run_one(struct tpool *p)
{
	struct job *j = p->jobs;

	p->jobs = j->next;
	p->listed--;
	pthread_mutex_unlock(&p->lock);
	j->task(j->arg);
	free(j);
	pthread_mutex_lock(&p->lock);
	if (!--p->unfinished)
		pthread_cond_broadcast(&p->changed);
}

static void *work(void *arg)
{
	struct tpool *p = arg;

	pthread_mutex_lock(&p->lock);
	while (!p->closing || p->jobs) {
		if (p->jobs) {
			run_one(p);
			continue;
		}
		p->idle++;
		pthread_cond_wait(&p->changed, &p->lock);
		p->idle--;
	}
	pthread_mutex_unlock(&p->lock);
	return NULL;
}

struct tpool *tpool_create(int workers)
{
	struct tpool *p = calloc(1, sizeof(*p) + (size_t)workers * sizeof(p->threads[0]));

	if (!p)
		return NULL;
	pthread_mutex_init(&p->lock, NULL);
	pthread_cond_init(&p->changed, NULL);
	p->workers = workers;
	return p;
}

int tpool_submit(struct tpool *p, void (*task)(void *), void *arg)
{
	struct job *j = malloc(sizeof(*j));

	if (!j)
		return -1;
	pthread_mutex_lock(&p->lock);
	*j = (struct job){ .next = p->jobs, .task = task, .arg = arg };
	p->jobs = j;
	p->listed++;
	p->unfinished++;
	if (p->listed > p->idle && p->started < p->workers &&
	    !pthread_create(&p->threads[p->started], NULL, work, p))
		p->started++;
	pthread_cond_broadcast(&p->changed);
	pthread_mutex_unlock(&p->lock);
	return 0;
}

void tpool_wait(struct tpool *p)
{
	pthread_mutex_lock(&p->lock);
	while (p->unfinished)
		if (p->jobs)
			run_one(p);
		else
			pthread_cond_wait(&p->changed, &p->lock);
	pthread_mutex_unlock(&p->lock);
}

void tpool_destroy(struct tpool *p)
{
	tpool_wait(p);
	pthread_mutex_lock(&p->lock);
	p->closing = true;
	pthread_cond_broadcast(&p->changed);
	pthread_mutex_unlock(&p->lock);
	for (int i = 0; i < p->started; i++)
		pthread_join(p->threads[i], NULL);
	pthread_cond_destroy(&p->changed);
	pthread_mutex_destroy(&p->lock);
	free(p);
}
