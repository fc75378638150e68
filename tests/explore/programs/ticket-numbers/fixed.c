// SPDX-License-Identifier: GPL-2.0
// finds: nothing
// Reading the next number and storing its successor are two critical sections.
#include <assert.h>
#include <pthread.h>
#include <stdlib.h>

struct office {
	pthread_mutex_t lock;
	int next;
	int served[10];
};

static int take_ticket(struct office *o)
{
	pthread_mutex_lock(&o->lock);
	int n = o->next;
	o->next = n + 1;
	pthread_mutex_unlock(&o->lock);
	return n;
}

static void *visitor(void *arg)
{
	struct office *o = arg;
	int n = take_ticket(o);

	pthread_mutex_lock(&o->lock);
	o->served[n]++;
	pthread_mutex_unlock(&o->lock);
	return NULL;
}

int main(void)
{
	struct office *o = calloc(1, sizeof(*o));
	pthread_t t[4];

	pthread_mutex_init(&o->lock, NULL);
	for (int i = 0; i < 4; i++)
		pthread_create(&t[i], NULL, visitor, o);
	for (int i = 0; i < 4; i++)
		pthread_join(t[i], NULL);
	for (int i = 0; i < 4; i++)
		assert(o->served[i] == 1);
	pthread_mutex_destroy(&o->lock);
	free(o);
	return 0;
}
