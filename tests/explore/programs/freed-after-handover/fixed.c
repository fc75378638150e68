// SPDX-License-Identifier: GPL-2.0
// finds: nothing
// The sender logs the message that the receiver may have freed by then.
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

struct message {
	struct message *next;
	int number;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t filled = PTHREAD_COND_INITIALIZER;
static struct message *queue;

static void *sender(void *arg)
{
	(void)arg;
	for (int i = 0; i < 2; i++) {
		struct message *m = malloc(sizeof(*m));

		m->number = i;
		printf("sending %d\n", m->number);
		pthread_mutex_lock(&lock);
		m->next = queue;
		queue = m;
		pthread_cond_signal(&filled);
		pthread_mutex_unlock(&lock);
	}
	return NULL;
}

static void *receiver(void *arg)
{
	int *sum = arg;

	for (int i = 0; i < 2; i++) {
		pthread_mutex_lock(&lock);
		while (!queue)
			pthread_cond_wait(&filled, &lock);
		struct message *m = queue;
		queue = m->next;
		pthread_mutex_unlock(&lock);
		*sum += m->number;
		free(m);
	}
	return NULL;
}

int main(void)
{
	pthread_t s, r;
	int sum = 0;

	pthread_create(&r, NULL, receiver, &sum);
	pthread_create(&s, NULL, sender, NULL);
	pthread_join(s, NULL);
	pthread_join(r, NULL);
	return sum != 1;
}
