// SPDX-License-Identifier: GPL-2.0
#include <pthread.h>
#include <stdlib.h>

#include "tpool.h"

/* A thread for each task: it works, and 400 tasks are 400 threads. Make it a pool. */
struct tpool {
	pthread_mutex_t lock;
	pthread_cond_t all_done;
	int unfinished;
};

struct job {
	struct tpool *pool;
	void (*task)(void *);
	void *arg;
};

static void *work(void *arg)
{
	struct job *j = arg;
	struct tpool *p = j->pool;

	j->task(j->arg);
	free(j);
	pthread_mutex_lock(&p->lock);
	if (!--p->unfinished)
		pthread_cond_broadcast(&p->all_done);
	pthread_mutex_unlock(&p->lock);
	return NULL;
}

struct tpool *tpool_create(int workers)
{
	struct tpool *p = calloc(1, sizeof(*p));

	(void)workers;
	if (!p)
		return NULL;
	pthread_mutex_init(&p->lock, NULL);
	pthread_cond_init(&p->all_done, NULL);
	return p;
}

int tpool_submit(struct tpool *p, void (*task)(void *), void *arg)
{
	struct job *j = malloc(sizeof(*j));
	pthread_t thread;

	if (!j)
		return -1;
	*j = (struct job){ .pool = p, .task = task, .arg = arg };
	pthread_mutex_lock(&p->lock);
	p->unfinished++;
	pthread_mutex_unlock(&p->lock);
	pthread_create(&thread, NULL, work, j);
	pthread_detach(thread);
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
	tpool_wait(p);
	free(p);
}
