// SPDX-License-Identifier: GPL-2.0
// accepted: the kernel's own buffers: a pipe of items, and a pipe of free places
#include <stdlib.h>
#include <unistd.h>

#include "bounded_buffer.h"

struct buffer {
	int items[2], places[2]; /* to read from, to write to */
};

struct buffer *bb_new(int capacity)
{
	struct buffer *b = malloc(sizeof(*b));

	if (!b || pipe(b->items) || pipe(b->places))
		abort();
	while (capacity--)
		if (write(b->places[1], "", 1) != 1)
			abort();
	return b;
}

void bb_free(struct buffer *b)
{
	close(b->items[0]);
	close(b->places[0]);
	close(b->places[1]);
	free(b);
}

void bb_put(struct buffer *b, int item)
{
	char place;

	if (read(b->places[0], &place, 1) != 1 || write(b->items[1], &item, sizeof(item)) < 0)
		abort();
}

bool bb_get(struct buffer *b, int *item)
{
	if (read(b->items[0], item, sizeof(*item)) != sizeof(*item))
		return false; /* nobody can write any more */
	if (write(b->places[1], "", 1) != 1)
		abort();
	return true;
}

void bb_close(struct buffer *b)
{
	close(b->items[1]);
}
