// SPDX-License-Identifier: GPL-2.0
/*
 * A pipe with a byte in it for each permit. Who enters takes a byte out, and sleeps in read() where
 * there is none; who leaves puts it back. The kernel does the counting, the waiting and the waking.
 */
#include <stdlib.h>
#include <unistd.h>

#include "gate.h"

struct gate {
	int out, in;
};

struct gate *gate_new(int permits)
{
	struct gate *g = malloc(sizeof(*g));
	int ends[2];

	if (!g || pipe(ends)) {
		free(g);
		return NULL;
	}
	*g = (struct gate){ .out = ends[0], .in = ends[1] };
	for (int i = 0; i < permits; i++)
		gate_leave(g);
	return g;
}

void gate_enter(struct gate *g)
{
	char permit;

	if (read(g->out, &permit, 1) != 1)
		abort();
}

void gate_leave(struct gate *g)
{
	if (write(g->in, "", 1) != 1)
		abort();
}

void gate_free(struct gate *g)
{
	close(g->in);
	close(g->out);
	free(g);
}
