// SPDX-License-Identifier: GPL-2.0
// accepted: the tracepoints' formats say the same as their arguments, by tid; 0 is who runs when nobody does
#include "probe.h"

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, MOST_THREADS);
	__type(key, __u32);
	__type(value, struct waits);
} waits SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, MOST_THREADS);
	__type(key, __u32);
	__type(value, __u64);
} since SEC(".maps");

static void stamp(__u32 tid)
{
	__u64 now = bpf_ktime_get_ns();

	bpf_map_update_elem(&since, &tid, &now, BPF_ANY);
}

SEC("tracepoint/sched/sched_wakeup")
int woken(struct trace_event_raw_sched_wakeup_template *e)
{
	stamp(e->pid);
	return 0;
}

SEC("tracepoint/sched/sched_wakeup_new")
int created(struct trace_event_raw_sched_wakeup_template *e)
{
	stamp(e->pid);
	return 0;
}

static void count(__u32 tid, __u64 ns)
{
	struct waits one = { 1, ns, ns }, *w = bpf_map_lookup_elem(&waits, &tid);

	if (w) {
		w->nr++;
		w->total_ns += ns;
		if (w->longest_ns < ns)
			w->longest_ns = ns;
	} else {
		bpf_map_update_elem(&waits, &tid, &one, BPF_ANY);
	}
}

SEC("tracepoint/sched/sched_switch")
int switched(struct trace_event_raw_sched_switch *e)
{
	__u32 next = e->next_pid;
	__u64 *from = bpf_map_lookup_elem(&since, &next);

	if (next && from)
		count(next, bpf_ktime_get_ns() - *from);
	bpf_map_delete_elem(&since, &next);
	/* 0: runnable; 256 and above: so, and put off */
	if (!(e->prev_state & 255))
		stamp(e->prev_pid);
	return 0;
}

char _license[] SEC("license") = "GPL";
