// SPDX-License-Identifier: GPL-2.0
#include "probe.h"

/* The answer: tid -> waits. The check reads this map, by its name, when the program has ended. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, MOST_THREADS);
	__type(key, __u32);
	__type(value, struct waits);
} waits SEC(".maps");

/* Yours: since when it waits, by tid. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, MOST_THREADS);
	__type(key, __u32);
	__type(value, __u64);
} since SEC(".maps");

/* p was asleep, and is made runnable. */
SEC("tp_btf/sched_wakeup")
int BPF_PROG(woken, struct task_struct *p)
{
	__u32 tid = p->pid;
	__u64 now = bpf_ktime_get_ns();

	bpf_map_update_elem(&since, &tid, &now, BPF_ANY);
	return 0;
}

/* prev leaves the CPU, next gets it. Called in the name of prev. */
SEC("tp_btf/sched_switch")
int BPF_PROG(switched, bool preempt, struct task_struct *prev, struct task_struct *next)
{
	/* to do: next has waited until now */
	return 0;
}

char _license[] SEC("license") = "GPL";
