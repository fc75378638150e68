/* SPDX-License-Identifier: GPL-2.0 */
/*
 * From addresses to words, once, at the end of a recording, when the files are still there: the SYMBOLS
 * chunk of the trace. While it runs, the records that pass are looked at for stacks and futexes.
 *
 *   maps.c     which files were mapped where            maps_perf.c  ... as the kernel tells it
 *   unwind.c   from a piece of a stack to frames        calls.c      which function a frame called
 *   frames.c   function, file and line of an address    kernel.c     ... of the kernel's
 *   names.c    the variable at an address               types.c      ... and the way into it
 *   symbols.c  all of it together
 */
#ifndef ONCPU_RECORD_SYMBOLS_H
#define ONCPU_RECORD_SYMBOLS_H

#include <oncpu/record.h>
#include "lib/trace.h"

struct symbols;

/* 0 or -errno; nothing is recorded worse for want of it. */
int symbols_open(struct symbols **out);
/* What trace_writer_tap() hands over. */
void symbols_see(void *symbols, enum trace_source source, unsigned int cpu,
		 const struct oncpu_record *r, uint32_t n);
void symbols_drain(struct symbols *s); /* every now and then */
/* Also every now and then, where it goes on for hours: what takes too much room is forgotten. */
void symbols_bound(struct symbols *s);
/*
 * The chunk's JSON, to be freed, of what was seen since then. 0 or -errno. It may be made again,
 * when more was seen.
 */
int symbols_finish(struct symbols *s, uint64_t since_ns, char **json);
void symbols_close(struct symbols *s); /* NULL-safe */

#endif
