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

struct oncpu_cpu { /* one a CPU, changed on that CPU only; the first two never */
	struct oncpu_ring *control;
	struct oncpu_record *records;
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
	u64 nr_records;		 /* 1 << order */
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

/* What a record holds but for its time and its lap, in registers. */
struct oncpu_words {
	u64 head; /* tid, type, flags, as they lie in the record */
	u64 raw[2];
};

/* For oncpu_rings_write(): where there is a gap to tell of, no room, or somebody in between. */
void oncpu_rings_write_slowly(struct oncpu_rings *rings, u64 head, u64 raw0, u64 raw1);
/* The time; and the clocks are paired anew. */
u64 oncpu_rings_pair_clocks(struct oncpu_rings *rings);

/*
 * The clock is the dearest part of it all: CLOCK_MONOTONIC costs several times what the bare counter
 * does. So the counter is read, and compared to the clock every millisecond.
 */
static __always_inline u64 oncpu_rings_time(struct oncpu_rings *rings, const struct oncpu_cpu *c)
{
#ifdef CONFIG_X86_TSC
	u64 since = rdtsc() - c->pair_tsc;

	if (likely(since < rings->tsc_good))
		return c->pair_ns + (since * rings->tsc_mult >> (rings->tsc_shift & 63));
#endif
	return oncpu_rings_pair_clocks(rings);
}

static __always_inline bool oncpu_rings_have_room(const struct oncpu_rings *rings,
						  const struct oncpu_cpu *c, u64 wanted)
{
	/* Acquire: a slot is rewritten only after the reader is done with it. */
	return READ_ONCE(c->head) - smp_load_acquire(&c->control->tail) + wanted <=
	       rings->nr_records;
}

static __always_inline void oncpu_rings_fill(const struct oncpu_rings *rings,
					     const struct oncpu_cpu *c, u64 index, u64 time_ns,
					     struct oncpu_words words)
{
	struct oncpu_record *slot = &c->records[index & (rings->nr_records - 1)];

	slot->time_ns = time_ns;
	slot->raw[0] = words.raw[0];
	slot->raw[1] = words.raw[1];
	/* Release: whoever sees this round's lap sees the whole record. */
	smp_store_release((u64 *)&slot->tid, words.head | (u64)ONCPU_LAP(index, rings->order & 63)
								  << 48);
	/* A hint how full the ring is; an interrupt here makes it one too small for a while. */
	WRITE_ONCE(c->control->head, index + 1);
}

static __always_inline struct oncpu_words oncpu_words(const struct oncpu_record *r)
{
	return (struct oncpu_words){
		.head = r->tid | (u64)r->type << 32 | (u64)r->flags << 40,
		.raw = { r->raw[0], r->raw[1] },
	};
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
	const struct oncpu_words words = oncpu_words(record);
	struct oncpu_cpu *c;
	u64 head, time_ns;

	if (!READ_ONCE(rings->on))
		return;
	/* Some tracepoints leave preemption on, but the slot is this CPU's. */
	preempt_disable_notrace();
	c = this_cpu_ptr(rings->cpu);
	head = READ_ONCE(c->head);
	if (likely(oncpu_rings_have_room(rings, c, 1) && c->lost == c->told)) {
		time_ns = oncpu_rings_time(rings, c);
		if (likely(this_cpu_cmpxchg(rings->cpu->head, head, head + 1) == head)) {
			oncpu_rings_fill(rings, c, head, time_ns, words);
			goto out;
		}
	}
	oncpu_rings_write_slowly(rings, words.head, words.raw[0], words.raw[1]);
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
