/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The module's side of the rings of <oncpu/ring.h>: memory that user space maps, and the writer.
 *
 * User space may scribble over the control page at any time, so head and lost live in kernel
 * memory and are only copied out; of what user space writes, tail alone is read, and a wrong tail
 * can lose records but never make the writer leave its ring.
 */
#ifndef ONCPU_MODULE_RING_H
#define ONCPU_MODULE_RING_H

#include <linux/types.h>

#include <oncpu/ring.h>

struct oncpu_cpu { /* one a CPU, changed on that CPU only */
	u64 head;
	u64 lost;
	u64 told; /* of lost, by LOST records */
	u64 since_ns;
};

struct oncpu_rings {
	u64 types; /* bit (1 << type): what to write */
	u32 order;
	u32 nr_cpus;
	struct oncpu_cpu __percpu *cpu;
	struct oncpu_ring *control;   /* shared with user space */
	struct oncpu_record *records; /* shared, user space only reads */
	size_t control_bytes;	      /* whole pages */
	size_t records_bytes;
};

struct oncpu_rings *oncpu_rings_alloc(u32 order, u64 types);
void oncpu_rings_free(struct oncpu_rings *rings);

/*
 * Writes one record: time_ns and lap are filled in here, the rest is the caller's. Any context but
 * NMI. Never fails: what finds no room is counted as lost.
 */
void oncpu_rings_write(struct oncpu_rings *rings, const struct oncpu_record *record);

/* Makes the final counts visible. When no writer can be running any more. */
void oncpu_rings_publish(struct oncpu_rings *rings);

static inline bool oncpu_rings_want(const struct oncpu_rings *rings, unsigned int type)
{
	return rings->types & BIT_ULL(type);
}

#endif
