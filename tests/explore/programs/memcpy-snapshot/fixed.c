// SPDX-License-Identifier: GPL-2.0
// finds: nothing
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
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static void *writer(void *arg)
{
	(void)arg;
	for (int i = 1; i < 4; i++) {
		struct state next = { .tick = i, .name = "busy", .check = ~i };

		pthread_mutex_lock(&lock);
		memcpy(&shared, &next, sizeof(next));
		pthread_mutex_unlock(&lock);
	}
	return NULL;
}

int main(void)
{
	struct state seen;
	pthread_t t;

	shared.check = ~0;
	pthread_create(&t, NULL, writer, NULL);
	pthread_mutex_lock(&lock);
	memcpy(&seen, &shared, sizeof(seen));
	pthread_mutex_unlock(&lock);
	assert(seen.check == ~seen.tick);
	pthread_join(t, NULL);
	return 0;
}
