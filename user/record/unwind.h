/* SPDX-License-Identifier: GPL-2.0 */
/*
 * From what a recorder saw of a stack to return addresses, by the tables (.eh_frame) of the mapped
 * files. No address is guessed: where the tables, the files or the recorded words end, the answer ends,
 * and says that it is not whole.
 */
#ifndef ONCPU_RECORD_UNWIND_H
#define ONCPU_RECORD_UNWIND_H

#include <elfutils/libdwfl.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "record/maps.h"

#define UNWIND_MOST 64 /* frames */

struct unwound {
	uint64_t pc[UNWIND_MOST]; /* innermost first; but for the first: where it returns to */
	size_t n;
	bool whole; /* up to where the thread began */
};

/* The files of an address space, opened once. NULL: there is none to be read. */
Dwfl *unwind_files(struct space *s);
/* entries: the user part of a STACK record's FRAMES. */
void unwind(struct space *s, const uint64_t *entries, size_t n, struct unwound *out);
void unwind_close(struct space *s);

#endif
