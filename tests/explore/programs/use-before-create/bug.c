// SPDX-License-Identifier: GPL-2.0
// finds: assert
// The new thread uses a field that its creator sets after pthread_create.
#include <assert.h>
#include <pthread.h>

struct worker {
	pthread_t thread;
	int id;
	int priority;
};

static void *run(void *arg)
{
	struct worker *w = arg;

	assert(w->priority > 0);
	return NULL;
}

int main(void)
{
	static struct worker w[2];

	for (int i = 0; i < 2; i++) {
		w[i].id = i;
		pthread_create(&w[i].thread, NULL, run, &w[i]);
		w[i].priority = i + 1;
	}
	for (int i = 0; i < 2; i++)
		pthread_join(w[i].thread, NULL);
	return 0;
}
