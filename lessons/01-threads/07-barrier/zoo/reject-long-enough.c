// SPDX-License-Identifier: GPL-2.0
// rejected by output: "early"
/* Sleeps as long as the others took when it was tried. */
#include <stdlib.h>
#include <unistd.h>

#include "barrier.h"

struct barrier {
	int threads;
};

struct barrier *barrier_new(int threads)
{
	struct barrier *b = malloc(sizeof(*b));

	if (b)
		b->threads = threads;
	return b;
}

void barrier_wait(struct barrier *b, int me)
{
	(void)b;
	(void)me;
	usleep(10000);
}

void barrier_free(struct barrier *b)
{
	free(b);
}
