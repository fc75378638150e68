/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Does an interrupt, and not the task, do what is seen here? That stands in preempt_count: where the
 * kernel keeps it, and how it is laid out, changed over time.
 */
#ifndef ONCPU_BPF_LIB_CONTEXT_H
#define ONCPU_BPF_LIB_CONTEXT_H

#include "probe.bpf.h"

#include <oncpu/record.h>

#define SOFTIRQ_SERVING 0x00000100UL

struct pcpu_hot___old {
	int preempt_count;
} __attribute__((preserve_access_index));

extern const int __preempt_count __ksym __weak;
extern const struct pcpu_hot___old pcpu_hot __ksym __weak;

extern const volatile __u32 hardirq_mask;
extern const volatile __s64 count_from_rq; /* where it lies beside the CPU's run queue */

static __always_inline __u8 context_flags(__u32 count)
{
	return (count & hardirq_mask ? ONCPU_WAKE_HARDIRQ : 0) |
	       (count & SOFTIRQ_SERVING ? ONCPU_WAKE_SOFTIRQ : 0);
}

static __always_inline __u8 context(void)
{
	__u32 count = 0;

	if (bpf_ksym_exists(&__preempt_count))
		count = *(__u32 *)bpf_this_cpu_ptr(&__preempt_count);
	else if (bpf_ksym_exists(&pcpu_hot))
		count = ((struct pcpu_hot___old *)bpf_this_cpu_ptr(&pcpu_hot))->preempt_count;
	return context_flags(count);
}

/*
 * For kernels that do not tell where variables are (no CONFIG_KALLSYMS_ALL), only how far one CPU's
 * copies lie apart. One of them every task knows: the run queue.
 */
static __always_inline __u8 context_by_rq(void)
{
	__u64 at = (__u64)bpf_get_current_task_btf()->se.cfs_rq->rq + count_from_rq;

	if (bpf_core_field_exists(struct pcpu_hot___old, preempt_count))
		at += bpf_core_field_offset(struct pcpu_hot___old, preempt_count);
	/* A plain load, not a helper's: this is the path of every waking. The type only has an int first. */
	return context_flags(bpf_core_cast((void *)at, struct refcount_struct)->refs.counter);
}

#endif
