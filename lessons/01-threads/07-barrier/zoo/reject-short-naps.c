// SPDX-License-Identifier: GPL-2.0
// rejected by waiting: "only to look again"
#include <stdatomic.h>
#include <stdlib.h>
#include <unistd.h>
#include "barrier.h"
/* a right count, but who waits gets up every 2 ms to look */
struct barrier {
	int threads;
	atomic_int came, phase;
};
struct barrier *barrier_new(int threads)
{
	struct barrier *b = calloc(1, sizeof(*b));
	b->threads = threads;
	return b;
}
void barrier_wait(struct barrier *b, int me)
{
	int phase = b->phase;
	(void)me;
	if (atomic_fetch_add(&b->came, 1) + 1 == b->threads) {
		b->came = 0;
		b->phase++;
		return;
	}
	while (b->phase == phase)
		usleep(2000);
}
void barrier_free(struct barrier *b)
{
	free(b);
}
