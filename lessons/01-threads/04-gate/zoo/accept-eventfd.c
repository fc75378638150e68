// SPDX-License-Identifier: GPL-2.0
// accepted: the kernel has a semaphore that is a file, too
#include <stdint.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "gate.h"

struct gate {
	int permits;
};

struct gate *gate_new(int permits)
{
	struct gate *g = malloc(sizeof(*g));

	if (g)
		g->permits = eventfd((unsigned int)permits, EFD_SEMAPHORE);
	return g;
}

void gate_enter(struct gate *g)
{
	uint64_t one;

	if (read(g->permits, &one, sizeof(one)) != sizeof(one))
		abort();
}

void gate_leave(struct gate *g)
{
	uint64_t one = 1;

	if (write(g->permits, &one, sizeof(one)) != sizeof(one))
		abort();
}

void gate_free(struct gate *g)
{
	close(g->permits);
	free(g);
}
