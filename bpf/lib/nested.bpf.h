/* SPDX-License-Identifier: GPL-2.0 */
/*
 * While the program of a kprobe or of a plain tracepoint is under way on a CPU, the kernel leaves out all
 * others of these kinds there: what an interrupt does meanwhile would not be seen. So those that take
 * long say when they are under way, and a program of tp_btf, which is not left out, stands in.
 */
#ifndef ONCPU_BPF_LIB_NESTED_H
#define ONCPU_BPF_LIB_NESTED_H

#include "probe.bpf.h"

typedef struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u32);
} under_way_map;

extern under_way_map under_way SEC(".maps");
extern volatile bool recording;
extern __u64 stood_in; /* how often: the kernel counts each as missed by the program left out */

/* Of a program that runs with preemption off: begin (1), end (-1). */
static __always_inline void nested_say(int change)
{
	__u32 zero = 0, *n = bpf_map_lookup_elem(&under_way, &zero);

	if (n)
		*n += change;
}

static __always_inline bool nested_stands_in(void)
{
	__u32 zero = 0, *n = bpf_map_lookup_elem(&under_way, &zero);

	if (!n || !*n || !recording)
		return false;
	__sync_fetch_and_add(&stood_in, 1);
	return true;
}

#endif
