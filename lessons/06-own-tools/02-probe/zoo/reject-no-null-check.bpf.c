// SPDX-License-Identifier: GPL-2.0
// rejected by build: "nullable map value"
#include "probe.h"

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, MOST_THREADS);
	__type(key, __u32);
	__type(value, struct waits);
} waits SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, MOST_THREADS);
	__type(key, __u32);
	__type(value, __u64);
} since SEC(".maps");

static void waits_from_now(const struct task_struct *p)
{
	__u64 now = bpf_ktime_get_ns();
	__u32 tid = p->pid;

	bpf_map_update_elem(&since, &tid, &now, BPF_ANY);
}

static void add(__u32 tid, __u64 ns)
{
	struct waits none = {}, *w;

	bpf_map_update_elem(&waits, &tid, &none, BPF_NOEXIST);
	w = bpf_map_lookup_elem(&waits, &tid);
	w->nr++; /* of one thread nobody else writes: it is on this CPU */
	w->total_ns += ns;
	if (ns > w->longest_ns)
		w->longest_ns = ns;
}

SEC("tp_btf/sched_wakeup")
int BPF_PROG(woken, struct task_struct *p)
{
	waits_from_now(p);
	return 0;
}

SEC("tp_btf/sched_wakeup_new")
int BPF_PROG(created, struct task_struct *p)
{
	waits_from_now(p);
	return 0;
}

SEC("tp_btf/sched_switch")
int BPF_PROG(switched, bool preempt, struct task_struct *prev, struct task_struct *next,
	     unsigned int prev_state)
{
	__u32 tid = next->pid;
	__u64 *from = bpf_map_lookup_elem(&since, &tid);

	if (from) {
		add(tid, bpf_ktime_get_ns() - *from);
		bpf_map_delete_elem(&since, &tid);
	}
	if (preempt || !prev_state) /* it did not want to go: it waits from now on */
		waits_from_now(prev);
	return 0;
}

char _license[] SEC("license") = "GPL";
