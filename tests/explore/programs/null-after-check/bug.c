// SPDX-License-Identifier: GPL-2.0
// finds: signal
// The connection is checked, dropped by the other thread, and used.
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>

struct connection {
	const char *peer;
	int sent;
};

static struct connection only = { "moon", 0 };
static _Atomic(struct connection *) open_connection = &only;

static void *sender(void *arg)
{
	(void)arg;
	if (atomic_load(&open_connection))
		atomic_load(&open_connection)->sent++;
	return NULL;
}

static void *closer(void *arg)
{
	(void)arg;
	atomic_store(&open_connection, NULL);
	return NULL;
}

int main(void)
{
	pthread_t t[2];

	pthread_create(&t[0], NULL, closer, NULL);
	pthread_create(&t[1], NULL, sender, NULL);
	pthread_join(t[0], NULL);
	pthread_join(t[1], NULL);
	printf("%s: %d\n", only.peer, only.sent);
	return 0;
}
