// SPDX-License-Identifier: GPL-2.0
// finds: assert
// A snapshot is copied out by memcpy while the writer copies a new one in.
#include <assert.h>
#include <pthread.h>
#include <string.h>

struct state {
	int tick;
	char name[24];
	int check;
};

static struct state shared = { .name = "idle" };

static void *writer(void *arg)
{
	(void)arg;
	for (int i = 1; i < 4; i++) {
		struct state next = { .tick = i, .name = "busy", .check = ~i };

		shared.tick = next.tick;
		memcpy(shared.name, next.name, sizeof(next.name));
		shared.check = next.check;
	}
	return NULL;
}

int main(void)
{
	struct state seen;
	pthread_t t;

	shared.check = ~0;
	pthread_create(&t, NULL, writer, NULL);
	memcpy(&seen, &shared, sizeof(seen));
	assert(seen.check == ~seen.tick);
	pthread_join(t, NULL);
	return 0;
}
