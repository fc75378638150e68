/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The recorder's side of marks (<oncpu/mark.h>): memory that the target shares with us, and what
 * it wrote there.
 *
 * The target may write anything at any time into that memory. Nothing in it is believed: what we
 * must know (how far we have read) is kept here, too, every index is bounded, and a record that no
 * honest program can have written is counted as lost. So a program can spoil its marks, but no
 * record of the kernel, and a look costs at most what its rings hold.
 */
#ifndef ONCPU_RECORD_MARKS_H
#define ONCPU_RECORD_MARKS_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/trace.h"

struct marks; /* NULL: none are recorded, which everything below but marks_open() is fine with */

/*
 * Makes the memory, with rings of 2^order records, and has every child find it: call it before the
 * target is forked. -errno with a sentence in why.
 */
int marks_open(struct marks **out, unsigned int order, char *why, size_t why_size);
void marks_close(struct marks *m);

/* How full the fullest ring is, of 256. */
unsigned int marks_fill(const struct marks *m);

/*
 * Moves all that is whole into the trace file. last: the target ran for the last time, and what is
 * not whole by now never will be. 0, or -errno of the writer.
 */
int marks_drain(struct marks *m, struct trace_writer *w, bool last);

uint64_t marks_recorded(const struct marks *m);
uint64_t marks_lost(const struct marks *m);

#endif
