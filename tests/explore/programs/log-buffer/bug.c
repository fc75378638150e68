// SPDX-License-Identifier: GPL-2.0
// finds: assert
// A writer reserves its place atomically; the flusher believes what is reserved to be written.
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>

static atomic_int reserved;
static atomic_char buffer[64];

static void say(const char *line)
{
	int n = strlen(line), at = atomic_fetch_add(&reserved, n);

	for (int i = 0; i < n; i++)
		atomic_store(&buffer[at + i], line[i]);
}

static void flush(void)
{
	int n = atomic_load(&reserved);
	for (int i = 0; i < n; i++)
		assert(atomic_load(&buffer[i]) != 0);
}

static void *talker(void *arg)
{
	say(arg);
	return NULL;
}

static void *flusher(void *arg)
{
	(void)arg;
	flush();
	return NULL;
}

int main(void)
{
	pthread_t t[3];

	pthread_create(&t[0], NULL, talker, "up\n");
	pthread_create(&t[1], NULL, flusher, NULL);
	pthread_create(&t[2], NULL, talker, "down\n");
	for (int i = 0; i < 3; i++)
		pthread_join(t[i], NULL);
	flush();
	return 0;
}
