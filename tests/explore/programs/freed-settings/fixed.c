// SPDX-License-Identifier: GPL-2.0
// finds: nothing
// main tears down the settings while a worker that nobody waited for still reads them.
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct settings {
	char *name;
	int level;
};

static struct settings *settings;

static void *worker(void *arg)
{
	size_t *length = arg;

	usleep(100);
	*length = strlen(settings->name) + settings->level;
	return NULL;
}

int main(void)
{
	static size_t length;
	pthread_t t;

	settings = malloc(sizeof(*settings));
	settings->name = strdup("quiet");
	settings->level = 3;
	pthread_create(&t, NULL, worker, &length);
	pthread_join(t, NULL);
	struct settings *old = settings;
	settings = NULL;
	free(old->name);
	free(old);
	return length != 8;
}
