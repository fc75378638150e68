/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The BPF side of the rings of <oncpu/ring.h>: two arrays that user space maps, and the writer.
 *
 * A probe is not attached twice on one CPU at a time, but an interrupt or, where the kernel leaves
 * preemption on, another task can run another probe in the middle of one: hence the cmpxchg.
 *
 * The usual case is inlined into each probe, where the compiler puts what the probe found straight
 * into the ring. What is rare is a function call away.
 */
#ifndef ONCPU_BPF_LIB_RING_H
#define ONCPU_BPF_LIB_RING_H

#include "probe.bpf.h"
#include <oncpu/record.h>
#include <oncpu/ring.h>

/* Both are sized by user space before the load: nr_cpus, and nr_cpus << order. */
typedef struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct oncpu_ring);
} control_map;

typedef struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct oncpu_record);
} records_map;

extern control_map control SEC(".maps");
extern records_map records SEC(".maps");
extern const volatile __u32 order;
/* Attaching takes long, and so does detaching: nobody reads the rings meanwhile. */
extern volatile bool recording;

/* A load that the compiler leaves where it is. */
#define LOAD(x) (*(const volatile __u64 *)&(x))

static __always_inline bool ring_has_room(struct oncpu_ring *ring, __u64 head, __u64 wanted)
{
	return head - LOAD(ring->tail) + wanted <= 1ULL << order;
}

/* The cmpxchg is a full barrier: the slot is rewritten only after tail was read. */
static __always_inline bool ring_reserve(struct oncpu_ring *ring, __u64 head)
{
	return __sync_val_compare_and_swap(&ring->head, head, head + 1) == head;
}

/* tid, type and flags, as they lie in the record. */
static __always_inline __u64 ring_head_word(const struct oncpu_record *record)
{
	return record->tid | (__u64)record->type << 32 | (__u64)record->flags << 40;
}

/*
 * tid, type, flags and lap are one aligned word, stored last and at once. BPF before v4 knows no
 * store with release order: x86 keeps the order of stores anyway, elsewhere an exchange does it.
 */
static __always_inline void ring_commit(struct oncpu_record *slot,
					const struct oncpu_record *record, __u16 lap)
{
	__u64 word = ring_head_word(record) | (__u64)lap << 48;
	__u64 *last = (__u64 *)&slot->tid;

	barrier();
#ifdef __TARGET_ARCH_x86
	*(volatile __u64 *)last = word;
#else
	__sync_lock_test_and_set(last, word);
#endif
}

static __always_inline void ring_fill(__u32 cpu, __u64 index, __u64 time_ns,
				      const struct oncpu_record *record)
{
	__u32 at = (cpu << order) + (index & ((1ULL << order) - 1));
	struct oncpu_record *slot = bpf_map_lookup_elem(&records, &at);

	if (!slot)
		return;
	slot->time_ns = time_ns;
	slot->raw[0] = record->raw[0];
	slot->raw[1] = record->raw[1];
	ring_commit(slot, record, ONCPU_LAP(index, order));
}

/* For ring_write(): where there is a gap to tell of, no room, or somebody in between. */
int ring_write_slowly(__u64 head, __u64 raw0, __u64 raw1);

/*
 * Writes one record: time_ns and lap are filled in here, the rest is the caller's. What finds no
 * room is counted as lost.
 *
 * The clock, by far the dearest part of it all, is read between the load of head and the cmpxchg: that
 * succeeds only if nobody wrote in between, so the times in a ring do not decrease. (The run queue's
 * own clock would cost a load; paired with this one now and then, it put a run before the fork that
 * it came from, by up to some milliseconds in an emulated guest.)
 */
static __always_inline void ring_write(const struct oncpu_record *record)
{
	__u32 cpu = bpf_get_smp_processor_id();
	struct oncpu_ring *ring = bpf_map_lookup_elem(&control, &cpu);
	__u64 head, time_ns;

	if (!ring || !recording)
		return;
	head = LOAD(ring->head);
	if (ring_has_room(ring, head, 1) && LOAD(ring->lost) == LOAD(ring->told) &&
	    (time_ns = bpf_ktime_get_ns(), ring_reserve(ring, head))) {
		ring_fill(cpu, head, time_ns, record);
		return;
	}
	ring_write_slowly(ring_head_word(record), record->raw[0], record->raw[1]);
}

#endif
