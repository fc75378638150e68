// SPDX-License-Identifier: GPL-2.0
// finds: signal or double-free or use-after-free
// Both ends of a link give it back if they are the first to see it closed.
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

struct link {
	atomic_int closed;
	char *buffer;
};

static void hang_up(struct link *l)
{
	if (!atomic_load(&l->closed)) {
		atomic_store(&l->closed, 1);
		free(l->buffer);
	}
}

static void *end(void *arg)
{
	hang_up(arg);
	return NULL;
}

int main(void)
{
	static struct link l;
	pthread_t t[2];

	l.buffer = malloc(100);
	for (int i = 0; i < 2; i++)
		pthread_create(&t[i], NULL, end, &l);
	for (int i = 0; i < 2; i++)
		pthread_join(t[i], NULL);
	return 0;
}
