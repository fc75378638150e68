// SPDX-License-Identifier: GPL-2.0
// finds: nothing
// A reader keeps a pointer into an array that another thread may grow.
#include <pthread.h>
#include <stdlib.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int *items, nr, room;

static void append(int v)
{
	pthread_mutex_lock(&lock);
	if (nr == room) {
		room = room ? room * 2 : 2;
		items = realloc(items, room * sizeof(*items));
	}
	items[nr++] = v;
	pthread_mutex_unlock(&lock);
}

static void *adder(void *arg)
{
	(void)arg;
	for (int i = 3; i < 12; i++)
		append(i);
	return NULL;
}

static void *summer(void *arg)
{
	int *sum = arg;

	pthread_mutex_lock(&lock);
	for (int i = 0; i < nr; i++)
		*sum += items[i];
	pthread_mutex_unlock(&lock);
	return NULL;
}

int main(void)
{
	pthread_t t[2];
	int sum = 0;

	append(1);
	append(2);
	pthread_create(&t[0], NULL, adder, NULL);
	pthread_create(&t[1], NULL, summer, &sum);
	pthread_join(t[0], NULL);
	pthread_join(t[1], NULL);
	free(items);
	return sum < 3;
}
