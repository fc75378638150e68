// SPDX-License-Identifier: GPL-2.0
// finds: use-after-free or race or signal
// A reference is taken after the pointer was looked up, outside the list's lock.
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

struct session {
	atomic_int refs;
	int data;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct session *current;

static struct session *get(void)
{
	pthread_mutex_lock(&lock);
	struct session *s = current;
	pthread_mutex_unlock(&lock);
	if (s)
		atomic_fetch_add(&s->refs, 1);
	return s;
}

static void put(struct session *s)
{
	if (s && atomic_fetch_sub(&s->refs, 1) == 1)
		free(s);
}

static void *logout(void *arg)
{
	(void)arg;
	pthread_mutex_lock(&lock);
	struct session *s = current;
	current = NULL;
	pthread_mutex_unlock(&lock);
	put(s);
	return NULL;
}

static void *request(void *arg)
{
	int *sum = arg;
	struct session *s = get();

	if (s)
		*sum += s->data;
	put(s);
	return NULL;
}

int main(void)
{
	pthread_t t[2];
	int sum = 0;

	current = malloc(sizeof(*current));
	current->refs = 1;
	current->data = 7;
	pthread_create(&t[0], NULL, request, &sum);
	pthread_create(&t[1], NULL, logout, NULL);
	pthread_join(t[0], NULL);
	pthread_join(t[1], NULL);
	return sum != 0 && sum != 7;
}
