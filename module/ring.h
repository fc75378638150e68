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

#include <linux/percpu.h>
#include <linux/preempt.h>
#include <linux/smp.h>
#include <linux/types.h>
#ifdef CONFIG_X86_TSC
#include <asm/tsc.h>
#endif

#include <oncpu/ring.h>

struct oncpu_cpu { /* one a CPU, changed on that CPU only */
	u64 head;
	u64 lost;
	u64 told; /* of lost, by LOST records */
	u64 since_ns;
	u64 pair_tsc; /* the two clocks at one moment, not long ago */
	u64 pair_ns;
};

struct oncpu_rings {
	u64 types; /* bit (1 << type): what to write */
	bool on;   /* else nothing is written */
	u32 order;
	u32 nr_cpus;
	u32 tsc_mult, tsc_shift; /* of the time stamp counter, to nanoseconds */
	u64 tsc_good;		 /* for how long a pair is good; 0: there is no such counter */
	struct oncpu_cpu __percpu *cpu;
	struct oncpu_ring *control;   /* shared with user space */
	struct oncpu_record *records; /* shared, user space only reads */
	size_t control_bytes;	      /* whole pages */
	size_t records_bytes;
};

struct oncpu_rings *oncpu_rings_alloc(u32 order, u64 types);
void oncpu_rings_free(struct oncpu_rings *rings);

/*
 * Attaching the probes takes long, and so does detaching them: nobody reads the rings meanwhile, so
 * nothing is written before the one has ended or after the other has begun.
 */
void oncpu_rings_turn(struct oncpu_rings *rings, bool on);

/* For oncpu_rings_write(): where there is a gap to tell of, no room, or somebody in between. */
void oncpu_rings_write_slowly(struct oncpu_rings *rings, const struct oncpu_record *record);
/* The time; and the clocks are paired anew. */
u64 oncpu_rings_pair_clocks(struct oncpu_rings *rings);

/*
 * The clock is the dearest part of it all: CLOCK_MONOTONIC costs several times what the bare counter
 * does. So the counter is read, and compared to the clock every millisecond.
 */
static __always_inline u64 oncpu_rings_time(struct oncpu_rings *rings)
{
#ifdef CONFIG_X86_TSC
	u64 since = rdtsc() - this_cpu_read(rings->cpu->pair_tsc);

	if (likely(since < rings->tsc_good))
		return this_cpu_read(rings->cpu->pair_ns) +
		       (since * rings->tsc_mult >> rings->tsc_shift);
#endif
	return oncpu_rings_pair_clocks(rings);
}

static __always_inline bool oncpu_rings_have_room(struct oncpu_rings *rings,
						  struct oncpu_ring *control, u64 head, u64 wanted)
{
	/* Acquire: a slot is rewritten only after the reader is done with it. */
	return head - smp_load_acquire(&control->tail) + wanted <= 1ULL << rings->order;
}

static __always_inline bool oncpu_rings_have_gap(const struct oncpu_rings *rings)
{
	return this_cpu_read(rings->cpu->lost) != this_cpu_read(rings->cpu->told);
}

static __always_inline void oncpu_rings_fill(struct oncpu_rings *rings, unsigned int cpu, u64 index,
					     u64 time_ns, const struct oncpu_record *record)
{
	struct oncpu_record *slot = &rings->records[((size_t)cpu << rings->order) +
						    (index & ((1ULL << rings->order) - 1))];
	u64 word = record->tid | (u64)record->type << 32 | (u64)record->flags << 40 |
		   (u64)ONCPU_LAP(index, rings->order) << 48;

	slot->time_ns = time_ns;
	slot->raw[0] = record->raw[0];
	slot->raw[1] = record->raw[1];
	/* Release: whoever sees this round's lap sees the whole record. */
	smp_store_release((u64 *)&slot->tid, word);
	/* A hint how full the ring is; an interrupt here makes it one too small for a while. */
	WRITE_ONCE(rings->control[cpu].head, index + 1);
}

/*
 * Writes one record: time_ns and lap are filled in here, the rest is the caller's. Any context but
 * NMI. Never fails: what finds no room is counted as lost.
 *
 * The clock is read between the load of head and the cmpxchg: that succeeds only if no interrupt
 * wrote in between, so the times in a ring do not decrease.
 */
static __always_inline void oncpu_rings_write(struct oncpu_rings *rings,
					      const struct oncpu_record *record)
{
	struct oncpu_record copy;
	unsigned int cpu;
	u64 head, time_ns;

	if (!READ_ONCE(rings->on))
		return;
	/* Some tracepoints leave preemption on, but the slot is this CPU's. */
	preempt_disable_notrace();
	cpu = smp_processor_id();
	head = this_cpu_read(rings->cpu->head);
	if (likely(oncpu_rings_have_room(rings, &rings->control[cpu], head, 1) &&
		   !oncpu_rings_have_gap(rings))) {
		time_ns = oncpu_rings_time(rings);
		if (likely(this_cpu_cmpxchg(rings->cpu->head, head, head + 1) == head)) {
			oncpu_rings_fill(rings, cpu, head, time_ns, record);
			goto out;
		}
	}
	copy = *record; /* or else the compiler would keep the record itself in memory */
	oncpu_rings_write_slowly(rings, &copy);
out:
	preempt_enable_notrace();
}

/* Makes the final counts visible. When no writer can be running any more. */
void oncpu_rings_publish(struct oncpu_rings *rings);

static inline bool oncpu_rings_want(const struct oncpu_rings *rings, unsigned int type)
{
	return rings->types & BIT_ULL(type);
}

#endif
