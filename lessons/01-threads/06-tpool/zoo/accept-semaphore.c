// SPDX-License-Identifier: GPL-2.0
// accepted: a semaphore counts the jobs in the list, and each worker is ended by a job that says so
#include <pthread.h>
#include <semaphore.h>
#include <stdlib.h>

#include "tpool.h"

struct job {
	struct job *next;
	void (*task)(void *); /* NULL: the worker is to end */
	void *arg;
};

struct tpool {
	sem_t listed;
	pthread_mutex_t lock;
	pthread_cond_t all_done;
	struct job *first, *last;
	int unfinished, workers;
	pthread_t threads[];
};

static struct job *next_job(struct tpool *p)
{
	struct job *j;

	while (sem_wait(&p->listed))
		;
	pthread_mutex_lock(&p->lock);
	j = p->first;
	p->first = j->next;
	pthread_mutex_unlock(&p->lock);
	return j;
}

static void *work(void *arg)
{
	struct tpool *p = arg;
	struct job *j;

	for (j = next_job(p); j->task; j = next_job(p)) {
		j->task(j->arg);
		free(j);
		pthread_mutex_lock(&p->lock);
		if (!--p->unfinished)
			pthread_cond_broadcast(&p->all_done);
		pthread_mutex_unlock(&p->lock);
	}
	free(j);
	return NULL;
}

int tpool_submit(struct tpool *p, void (*task)(void *), void *arg)
{
	struct job *j = calloc(1, sizeof(*j));

	if (!j)
		return -1;
	j->task = task;
	j->arg = arg;
	pthread_mutex_lock(&p->lock);
	if (p->first)
		p->last->next = j;
	else
		p->first = j;
	p->last = j;
	p->unfinished += !!task;
	pthread_mutex_unlock(&p->lock);
	sem_post(&p->listed);
	return 0;
}

struct tpool *tpool_create(int workers)
{
	struct tpool *p = calloc(1, sizeof(*p) + (size_t)workers * sizeof(p->threads[0]));

	if (!p)
		return NULL;
	sem_init(&p->listed, 0, 0);
	pthread_mutex_init(&p->lock, NULL);
	pthread_cond_init(&p->all_done, NULL);
	for (; p->workers < workers; p->workers++)
		if (pthread_create(&p->threads[p->workers], NULL, work, p))
			break;
	return p;
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
	tpool_wait(p);
	for (int i = 0; i < p->workers; i++)
		tpool_submit(p, NULL, NULL);
	for (int i = 0; i < p->workers; i++)
		pthread_join(p->threads[i], NULL);
	pthread_mutex_destroy(&p->lock);
	pthread_cond_destroy(&p->all_done);
	sem_destroy(&p->listed);
	free(p);
}
