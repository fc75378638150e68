// SPDX-License-Identifier: GPL-2.0
#include "counters.bpf.h"
#include "ring.bpf.h"

#define MAX_COUNTERS 8

/* Counter i of CPU c is at i * nr_cpus + c; sized by user space before the load. */
struct {
	__uint(type, BPF_MAP_TYPE_PERF_EVENT_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u32);
} counters SEC(".maps");

const volatile __u32 nr_counters = 0;
const volatile __u32 nr_counter_cpus = 1;

/* What cannot be read (the CPU came after the start) is the largest number, which no counter is. */
static __always_inline __u64 read_counter(__u32 i, __u32 cpu)
{
	struct bpf_perf_event_value value = {};

	if (i >= nr_counters || cpu >= nr_counter_cpus ||
	    bpf_perf_event_read_value(&counters, i * nr_counter_cpus + cpu, &value, sizeof(value)))
		return ~0ULL;
	return value.counter;
}

__hidden void counters_write(__u32 tid)
{
	__u32 cpu = bpf_get_smp_processor_id(), i;

	for (i = 0; i < MAX_COUNTERS && i < nr_counters; i += 2) {
		struct oncpu_record r = { .tid = tid, .type = ONCPU_COUNTER, .flags = i };

		r.counter[0] = read_counter(i, cpu);
		r.counter[1] = read_counter(i + 1, cpu);
		ring_write(&r);
	}
}
