// SPDX-License-Identifier: GPL-2.0
#include "probe.bpf.h"
#include "ring.bpf.h"

#define RESERVE_TRIES 16 /* an interrupt must hit the same few instructions each time */

/* Both are sized by user space before the load: nr_cpus, and nr_cpus << order. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct oncpu_ring);
} control SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct oncpu_record);
} records SEC(".maps");

const volatile __u32 order = 6;

/*
 * Reserves a slot and the time that belongs to it. The clock is read between the load of head and
 * the cmpxchg: that succeeds only if nobody wrote in between, so the times in a ring never
 * decrease. The cmpxchg is a full barrier: the slot is rewritten only after tail was read.
 */
static __always_inline bool reserve(struct oncpu_ring *ring, __u64 *index, __u64 *time_ns)
{
	__u64 head;
	int i;

	for (i = 0; i < RESERVE_TRIES; i++) {
		head = *(volatile __u64 *)&ring->head;
		if (head - *(volatile __u64 *)&ring->tail >= 1ULL << order)
			return false;
		*time_ns = bpf_ktime_get_ns();
		if (__sync_val_compare_and_swap(&ring->head, head, head + 1) == head) {
			*index = head;
			return true;
		}
	}
	return false;
}

/*
 * tid, type, flags and lap are one aligned word, stored last and at once. BPF before v4 knows no
 * store with release order: x86 keeps the order of stores anyway, elsewhere an exchange does it.
 */
static __always_inline void commit(struct oncpu_record *slot, const struct oncpu_record *record,
				   __u16 lap)
{
	__u64 word = record->tid | (__u64)record->type << 32 | (__u64)record->flags << 40 |
		     (__u64)lap << 48;
	__u64 *last = (__u64 *)&slot->tid;

	barrier();
#ifdef __TARGET_ARCH_x86
	*(volatile __u64 *)last = word;
#else
	__sync_lock_test_and_set(last, word);
#endif
}

static __always_inline void write_on(__u32 cpu, const struct oncpu_record *record)
{
	struct oncpu_ring *ring = bpf_map_lookup_elem(&control, &cpu);
	struct oncpu_record *slot;
	__u64 index, time_ns;
	__u32 at;

	if (!ring)
		return;
	if (!reserve(ring, &index, &time_ns)) {
		__sync_fetch_and_add(&ring->lost, 1);
		return;
	}
	at = (cpu << order) + (index & ((1ULL << order) - 1));
	slot = bpf_map_lookup_elem(&records, &at);
	if (!slot)
		return;
	slot->time_ns = time_ns;
	slot->raw[0] = record->raw[0];
	slot->raw[1] = record->raw[1];
	commit(slot, record, ONCPU_LAP(index, order));
}

__hidden void ring_write(struct oncpu_record *record)
{
	write_on(bpf_get_smp_processor_id(), record);
}

char LICENSE[] SEC("license") = "GPL";
