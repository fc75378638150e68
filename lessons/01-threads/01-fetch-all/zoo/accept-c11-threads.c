// SPDX-License-Identifier: GPL-2.0
// accepted: C11 threads, and what each is told is its own memory, which it frees
#include <stdlib.h>
#include <threads.h>

#include "fetch_all.h"

struct order {
	int id;
	long *where;
};

static int fetch(void *arg)
{
	struct order order = *(struct order *)arg;

	free(arg);
	*order.where = slow_read(order.id);
	return 0;
}

void fetch_all(const int *ids, int n, long *values)
{
	thrd_t *threads = calloc((size_t)n + 1, sizeof(*threads));

	for (int i = 0; i < n; i++) {
		struct order *order = malloc(sizeof(*order));

		if (!order || !threads)
			abort();
		*order = (struct order){ ids[i], &values[i] };
		if (thrd_create(&threads[i], fetch, order) != thrd_success)
			abort();
	}
	while (n--)
		thrd_join(threads[n], NULL);
	free(threads);
}
