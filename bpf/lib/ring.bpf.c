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

static __always_inline bool has_room(struct oncpu_ring *ring, __u64 head, __u64 wanted)
{
	return head - *(volatile __u64 *)&ring->tail + wanted <= 1ULL << order;
}

/*
 * Reserves a slot and the time that belongs to it. The clock is read between the load of head and
 * the cmpxchg: that succeeds only if nobody wrote in between, so the times in a ring never
 * decrease. The cmpxchg is a full barrier: the slot is rewritten only after tail was read.
 */
static __always_inline bool reserve(struct oncpu_ring *ring, __u64 wanted, __u64 *index,
				    __u64 *time_ns)
{
	__u64 head;
	int i;

	for (i = 0; i < RESERVE_TRIES; i++) {
		head = *(volatile __u64 *)&ring->head;
		if (!has_room(ring, head, wanted))
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

static __always_inline void fill(__u32 cpu, __u64 index, __u64 time_ns,
				 const struct oncpu_record *record)
{
	__u32 at = (cpu << order) + (index & ((1ULL << order) - 1));
	struct oncpu_record *slot = bpf_map_lookup_elem(&records, &at);

	if (!slot)
		return;
	slot->time_ns = time_ns;
	slot->raw[0] = record->raw[0];
	slot->raw[1] = record->raw[1];
	commit(slot, record, ONCPU_LAP(index, order));
}

/*
 * Writers can be put off the CPU anywhere here, for others that come by the same ring. since_ns is
 * set before lost is counted, and taken before told is: who takes no time with his count leaves it
 * to the reader (ring.h).
 */
static __noinline void lose(struct oncpu_ring *ring)
{
	__sync_val_compare_and_swap(&ring->since_ns, 0, bpf_ktime_get_ns());
	__sync_fetch_and_add(&ring->lost, 1);
}

static __always_inline __u64 take_lost(struct oncpu_ring *ring)
{
	__u64 told = *(volatile __u64 *)&ring->told;
	__u64 lost = *(volatile __u64 *)&ring->lost;

	return __sync_val_compare_and_swap(&ring->told, told, lost) == told ? lost - told : 0;
}

static __always_inline void give_back(struct oncpu_ring *ring, __u64 nr, __u64 since_ns)
{
	__sync_fetch_and_add(&ring->told, -nr);
	__sync_val_compare_and_swap(&ring->since_ns, 0, since_ns);
}

/* Tells of the gap that lies behind, if the record in hand has room, too. */
static __noinline int tell_lost(__u32 cpu, struct oncpu_ring *ring)
{
	struct oncpu_record r = { .type = ONCPU_LOST };
	__u64 index, time_ns;

	if (!has_room(ring, *(volatile __u64 *)&ring->head, 2))
		return 0;
	r.tid = current_tid();
	r.lost.since_ns = __sync_lock_test_and_set(&ring->since_ns, 0);
	r.lost.nr = take_lost(ring);
	if (r.lost.nr && reserve(ring, 2, &index, &time_ns))
		fill(cpu, index, time_ns, &r);
	else
		give_back(ring, r.lost.nr, r.lost.since_ns);
	return 1;
}

static __always_inline bool has_gap(const struct oncpu_ring *ring)
{
	return *(const volatile __u64 *)&ring->lost != *(const volatile __u64 *)&ring->told;
}

static __always_inline void write_on(__u32 cpu, const struct oncpu_record *record)
{
	struct oncpu_ring *ring = bpf_map_lookup_elem(&control, &cpu);
	__u64 index, time_ns;

	if (!ring)
		return;
	if ((!has_gap(ring) || tell_lost(cpu, ring)) && reserve(ring, 1, &index, &time_ns))
		fill(cpu, index, time_ns, record);
	else
		lose(ring);
}

__hidden void ring_write(struct oncpu_record *record)
{
	write_on(bpf_get_smp_processor_id(), record);
}

char LICENSE[] SEC("license") = "GPL";
