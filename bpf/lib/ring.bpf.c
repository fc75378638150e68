// SPDX-License-Identifier: GPL-2.0
#include "ring.bpf.h"

#define RESERVE_TRIES 16 /* an interrupt must hit the same few instructions each time */

control_map control SEC(".maps");
records_map records SEC(".maps");
const volatile __u32 order = 6;
volatile bool recording;

static __always_inline bool reserve(struct oncpu_ring *ring, __u64 wanted, __u64 *index,
				    __u64 *time_ns)
{
	int i;

	for (i = 0; i < RESERVE_TRIES; i++) {
		*index = LOAD(ring->head);
		if (!ring_has_room(ring, *index, wanted))
			return false;
		*time_ns = bpf_ktime_get_ns();
		if (ring_reserve(ring, *index))
			return true;
	}
	return false;
}

/*
 * Writers can be put off the CPU anywhere here, for others that come by the same ring. since_ns is
 * set before lost is counted, and taken before told is: who takes no time with his count leaves it
 * to the reader (ring.h).
 */
static void lose(struct oncpu_ring *ring)
{
	__sync_val_compare_and_swap(&ring->since_ns, 0, bpf_ktime_get_ns());
	__sync_fetch_and_add(&ring->lost, 1);
}

static __u64 take_lost(struct oncpu_ring *ring)
{
	__u64 told = LOAD(ring->told);
	__u64 lost = LOAD(ring->lost);

	return __sync_val_compare_and_swap(&ring->told, told, lost) == told ? lost - told : 0;
}

static void give_back(struct oncpu_ring *ring, __u64 nr, __u64 since_ns)
{
	__sync_fetch_and_add(&ring->told, -nr);
	__sync_val_compare_and_swap(&ring->since_ns, 0, since_ns);
}

/* Tells of the gap that lies behind, if the record in hand has room, too. */
static bool tell_lost(__u32 cpu, struct oncpu_ring *ring)
{
	struct oncpu_record r = { .tid = current_tid(), .type = ONCPU_LOST };
	__u64 index, time_ns;

	if (!ring_has_room(ring, LOAD(ring->head), 2))
		return false;
	r.lost.since_ns = __sync_lock_test_and_set(&ring->since_ns, 0);
	r.lost.nr = take_lost(ring);
	if (r.lost.nr && reserve(ring, 2, &index, &time_ns))
		ring_fill(cpu, index, time_ns, &r);
	else
		give_back(ring, r.lost.nr, r.lost.since_ns);
	return true;
}

__hidden int ring_write_slowly(__u64 head, __u64 raw0, __u64 raw1)
{
	const struct oncpu_record record = {
		.tid = (__u32)head, .type = head >> 32, .flags = head >> 40, .raw = { raw0, raw1 }
	};
	__u32 cpu = bpf_get_smp_processor_id();
	struct oncpu_ring *ring = bpf_map_lookup_elem(&control, &cpu);
	__u64 index, time_ns;

	if (!ring)
		return 0;
	if (LOAD(ring->lost) != LOAD(ring->told) && !tell_lost(cpu, ring))
		lose(ring);
	else if (reserve(ring, 1, &index, &time_ns))
		ring_fill(cpu, index, time_ns, &record);
	else
		lose(ring);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
