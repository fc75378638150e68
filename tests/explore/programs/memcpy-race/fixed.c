// SPDX-License-Identifier: GPL-2.0
// finds: nothing
// Two threads memcpy into one buffer; only a torn name would show it.
#include <pthread.h>
#include <string.h>

static char name[16] = "nobody";
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static void *call(void *arg)
{
	pthread_mutex_lock(&lock);
	memcpy(name, arg, 16);
	pthread_mutex_unlock(&lock);
	return NULL;
}

int main(void)
{
	static char a[16] = "alice", b[16] = "bob";
	pthread_t t[2];

	pthread_create(&t[0], NULL, call, a);
	pthread_create(&t[1], NULL, call, b);
	for (int i = 0; i < 2; i++)
		pthread_join(t[i], NULL);
	return strcmp(name, "alice") && strcmp(name, "bob");
}
