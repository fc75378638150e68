/* SPDX-License-Identifier: GPL-2.0 */
#ifndef BOUNDED_BUFFER_H
#define BOUNDED_BUFFER_H

#include <stdbool.h>

/* Some threads put, others get, all at once. What goes in first comes out first. Yours, all of it. */
struct buffer;

struct buffer *bb_new(int capacity); /* 1 or more */

/* Waits while the buffer holds as many items as its capacity. Nobody puts after bb_close(). */
void bb_put(struct buffer *b, int item);

/* Waits while the buffer is empty. False: it is closed, and nothing is left in it. */
bool bb_get(struct buffer *b, int *item);

/* No more will be put. All who wait in bb_get() are told. */
void bb_close(struct buffer *b);

void bb_free(struct buffer *b); /* when no thread uses it any more */

#endif
