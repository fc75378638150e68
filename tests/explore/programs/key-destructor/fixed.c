// SPDX-License-Identifier: GPL-2.0
// finds: nothing
// The per-thread counts are added up in a destructor, which runs after the thread has reported done.
#include <assert.h>
#include <pthread.h>
#include <stdlib.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t one_done = PTHREAD_COND_INITIALIZER;
static pthread_key_t key;
static int nr_done, total;

static void add_up(void *counter)
{
	pthread_mutex_lock(&lock);
	total += *(int *)counter;
	pthread_mutex_unlock(&lock);
	free(counter);
}

static void *worker(void *arg)
{
	int *counter = calloc(1, sizeof(*counter));

	(void)arg;
	pthread_setspecific(key, counter);
	for (int i = 0; i < 5; i++)
		++*counter;
	pthread_mutex_lock(&lock);
	nr_done++;
	pthread_cond_signal(&one_done);
	pthread_mutex_unlock(&lock);
	return NULL;
}

int main(void)
{
	pthread_t t[2];

	pthread_key_create(&key, add_up);
	for (int i = 0; i < 2; i++)
		pthread_create(&t[i], NULL, worker, NULL);
	pthread_mutex_lock(&lock);
	while (nr_done < 2)
		pthread_cond_wait(&one_done, &lock);
	pthread_mutex_unlock(&lock);
	for (int i = 0; i < 2; i++)
		pthread_join(t[i], NULL);
	pthread_mutex_lock(&lock);
	assert(total == 10);
	pthread_mutex_unlock(&lock);
	return 0;
}
