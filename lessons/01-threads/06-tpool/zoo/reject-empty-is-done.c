// SPDX-License-Identifier: GPL-2.0
// rejected by output or pert: "tpool_wait()"
/* The list is empty: that is not to say that all tasks have ended. Some are being run. */
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
	pthread_cond_t some_to_do, all_done;
	struct job *first, **last;
	bool closing;
	int workers;
	pthread_t threads[];
};

/* The next job, waiting for it; NULL: there will be none. The lock is held. */
static struct job *next_job(struct tpool *p)
{
	struct job *j;

	while (!p->first && !p->closing)
		pthread_cond_wait(&p->some_to_do, &p->lock);
	j = p->first;
	if (j)
		p->first = j->next;
	if (!p->first)
		p->last = &p->first;
	return j;
}

static void *work(void *arg)
{
	struct tpool *p = arg;
	struct job *j;

	pthread_mutex_lock(&p->lock);
	while ((j = next_job(p))) {
		pthread_mutex_unlock(&p->lock);
		j->task(j->arg);
		free(j);
		pthread_mutex_lock(&p->lock);
		if (!p->first)
			pthread_cond_broadcast(&p->all_done);
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
	pthread_cond_init(&p->some_to_do, NULL);
	pthread_cond_init(&p->all_done, NULL);
	p->last = &p->first;
	while (p->workers < workers && !pthread_create(&p->threads[p->workers], NULL, work, p))
		p->workers++;
	return p;
}

int tpool_submit(struct tpool *p, void (*task)(void *), void *arg)
{
	struct job *j = malloc(sizeof(*j));

	if (!j)
		return -1;
	*j = (struct job){ .task = task, .arg = arg };
	pthread_mutex_lock(&p->lock);
	*p->last = j;
	p->last = &j->next;
	pthread_cond_signal(&p->some_to_do);
	pthread_mutex_unlock(&p->lock);
	return 0;
}

void tpool_wait(struct tpool *p)
{
	pthread_mutex_lock(&p->lock);
	while (p->first)
		pthread_cond_wait(&p->all_done, &p->lock);
	pthread_mutex_unlock(&p->lock);
}

void tpool_destroy(struct tpool *p)
{
	pthread_mutex_lock(&p->lock);
	p->closing = true;
	pthread_cond_broadcast(&p->some_to_do);
	pthread_mutex_unlock(&p->lock);
	for (int i = 0; i < p->workers; i++)
		pthread_join(p->threads[i], NULL);
	pthread_cond_destroy(&p->all_done);
	pthread_cond_destroy(&p->some_to_do);
	pthread_mutex_destroy(&p->lock);
	free(p);
}
