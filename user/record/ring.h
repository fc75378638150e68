/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The reader of the rings of <oncpu/ring.h>. It does not care which recorder fills them.
 */
#ifndef ONCPU_RECORD_RING_H
#define ONCPU_RECORD_RING_H

#include <stdint.h>

#include <oncpu/ring.h>
#include "lib/trace.h"

#define RINGS_BATCH 32768u /* records that rings_drain()'s buffer must hold */

struct rings {
	struct oncpu_ring *control;
	const struct oncpu_record *records;
	unsigned int nr_cpus;
	unsigned int order;
};

/* How many records wait in the fullest ring. Cheap: it reads the control pages only. */
uint64_t rings_waiting(const struct rings *r);

/* Moves all that is whole into the trace file. 0, or -errno of the writer. */
int rings_drain(const struct rings *r, struct trace_writer *w, enum trace_source source,
		struct oncpu_record *buffer);

uint64_t rings_consumed(const struct rings *r, unsigned int cpu);
/* After the last drain: dropped by the recorder, or never whole. */
uint64_t rings_lost(const struct rings *r, unsigned int cpu);

#endif
