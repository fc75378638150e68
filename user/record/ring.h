/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The reader of the rings of <oncpu/ring.h>. It does not care which recorder fills them.
 */
#ifndef ONCPU_RECORD_RING_H
#define ONCPU_RECORD_RING_H

#include <stddef.h>
#include <stdint.h>

#include <oncpu/ring.h>
#include "lib/trace.h"

#define RINGS_BATCH 32768u /* records that rings_drain()'s buffer must hold */

struct rings_cpu {
	uint64_t written; /* records given to the trace file */
	uint64_t told;	  /* records lost, as LOST records say */
	uint64_t last_ns; /* time of the last record */
};

struct rings {
	struct oncpu_ring *control;
	const struct oncpu_record *records;
	unsigned int nr_cpus;
	unsigned int order;
	struct rings_cpu *cpus;
	size_t control_bytes, records_bytes; /* as mapped */
};

/* Sizes for rings that a BPF map holds; a device tells its own. */
void rings_size(struct rings *r, unsigned int nr_cpus, unsigned int order);

/* Maps rings that have sizes: control at control_fd's offset 0, records at records_fd's offset. 0 or -errno. */
int rings_map(struct rings *r, int control_fd, int records_fd, size_t records_offset);

/* After any rings_map(), also one that failed. */
void rings_unmap(struct rings *r);

/* How many records wait in the fullest ring. Cheap: it reads the control pages only. */
uint64_t rings_waiting(const struct rings *r);

/* Where records go: into the trace file, or to whoever looks at them now. 0 or -errno. */
typedef int rings_put(void *arg, enum trace_source source, unsigned int cpu,
		      const struct oncpu_record *r, uint32_t n);

/* Moves all that is whole there. 0, or -errno of put's. */
int rings_drain(const struct rings *r, rings_put *put, void *arg, enum trace_source source,
		struct oncpu_record *buffer);

/*
 * After the last drain: tells of what was lost and has no LOST record yet. Then those of a CPU add
 * up to rings_lost().
 */
int rings_drain_end(const struct rings *r, rings_put *put, void *arg, enum trace_source source,
		    uint64_t stop_ns);

/* Dropped by the recorder until now. */
uint64_t rings_dropped(const struct rings *r, unsigned int cpu);

/* After that: dropped by the recorder, or never whole. */
uint64_t rings_lost(const struct rings *r, unsigned int cpu);

#endif
