// SPDX-License-Identifier: GPL-2.0
/*
 * Since when it waits is kept at the task itself (task storage), and goes when the task does.
 */
#include "probe.h"

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, MOST_THREADS);
	__type(key, __u32);
	__type(value, struct waits);
} waits SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_TASK_STORAGE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, int);
	__type(value, __u64);
} since SEC(".maps");

static void stamp(struct task_struct *p, __u64 now)
{
	__u64 *at = bpf_task_storage_get(&since, p, NULL, BPF_LOCAL_STORAGE_GET_F_CREATE);

	if (at)
		*at = now;
}

static void has_waited(struct task_struct *p, __u64 now)
{
	__u64 *at = bpf_task_storage_get(&since, p, NULL, 0), ns;
	struct waits first = { .nr = 1 }, *w;
	__u32 tid = p->pid;

	if (!at || !*at)
		return;
	ns = now - *at;
	*at = 0;
	first.total_ns = first.longest_ns = ns;
	w = bpf_map_lookup_elem(&waits, &tid);
	if (!w) {
		bpf_map_update_elem(&waits, &tid, &first, BPF_ANY);
		return;
	}
	w->nr++;
	w->total_ns += ns;
	w->longest_ns = ns > w->longest_ns ? ns : w->longest_ns;
}

SEC("tp_btf/sched_wakeup")
int BPF_PROG(woken, struct task_struct *p)
{
	stamp(p, bpf_ktime_get_ns());
	return 0;
}

SEC("tp_btf/sched_wakeup_new")
int BPF_PROG(created, struct task_struct *p)
{
	stamp(p, bpf_ktime_get_ns());
	return 0;
}

SEC("tp_btf/sched_switch")
int BPF_PROG(switched, bool preempt, struct task_struct *prev, struct task_struct *next,
	     unsigned int prev_state)
{
	__u64 now = bpf_ktime_get_ns();

	has_waited(next, now);
	if (preempt || !prev_state)
		stamp(prev, now);
	return 0;
}

char _license[] SEC("license") = "GPL";
