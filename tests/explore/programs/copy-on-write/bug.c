// SPDX-License-Identifier: GPL-2.0
// finds: use-after-free or signal or race
// Settings are replaced by a changed copy and the old one freed, though a reader may still be at it.
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

struct settings {
	int volume, balance;
};

static _Atomic(struct settings *) settings;

static void *ui(void *arg)
{
	int *shown = arg;

	for (int i = 0; i < 3; i++) {
		struct settings *s = atomic_load(&settings);

		*shown += s->volume + s->balance;
	}
	return NULL;
}

static void *remote(void *arg)
{
	(void)arg;
	for (int i = 0; i < 2; i++) {
		struct settings *old = atomic_load(&settings), *new = malloc(sizeof(*new));

		*new = *old;
		new->volume++;
		atomic_store(&settings, new);
		free(old);
	}
	return NULL;
}

int main(void)
{
	pthread_t t[2];
	int shown = 0;

	settings = calloc(1, sizeof(struct settings));
	pthread_create(&t[0], NULL, ui, &shown);
	pthread_create(&t[1], NULL, remote, NULL);
	pthread_join(t[0], NULL);
	pthread_join(t[1], NULL);
	free(settings);
	return shown > 6;
}
