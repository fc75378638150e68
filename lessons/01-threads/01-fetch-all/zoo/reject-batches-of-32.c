// SPDX-License-Identifier: GPL-2.0
// rejected by overlap: "At most 32 threads were within"
#include <pthread.h>

#include "fetch_all.h"

struct job {
	int id;
	long *value;
};

static void *fetch(void *arg)
{
	struct job *j = arg;

	*j->value = slow_read(j->id);
	return NULL;
}

/* All at once, as long as all are few. */
void fetch_all(const int *ids, int n, long *values)
{
	pthread_t threads[32];
	struct job jobs[32];

	for (int at = 0; at < n; at += 32) {
		int k = n - at < 32 ? n - at : 32;

		for (int i = 0; i < k; i++) {
			jobs[i] = (struct job){ ids[at + i], &values[at + i] };
			pthread_create(&threads[i], NULL, fetch, &jobs[i]);
		}
		for (int i = 0; i < k; i++)
			pthread_join(threads[i], NULL);
	}
}
