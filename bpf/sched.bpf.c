// SPDX-License-Identifier: GPL-2.0
/*
 * The scheduler's tracepoints: who leaves a CPU for whom, who wakes whom, who moves.
 */
#include "lib/probe.bpf.h"
#include "lib/ring.bpf.h"

/* preempt_count: where the kernel keeps it, and how it is laid out, changed over time. */
#define SOFTIRQ_SERVING	 0x00000100UL
#define HARDIRQ_MASK_NEW 0x0f000000UL /* since the count holds nested interrupt disables, too */
#define HARDIRQ_MASK_OLD 0x000f0000UL

struct pcpu_hot___old {
	int preempt_count;
} __attribute__((preserve_access_index));

extern const int __preempt_count __ksym __weak;
extern const struct pcpu_hot___old pcpu_hot __ksym __weak;
extern const unsigned long local_interrupt_disable_state __ksym __weak; /* came with NEW */

static __always_inline __u8 irq_flags(void)
{
	__u64 hardirq_mask = HARDIRQ_MASK_OLD;
	__u32 count = 0;

	if (bpf_ksym_exists(&__preempt_count))
		count = *(__u32 *)bpf_this_cpu_ptr(&__preempt_count);
	else if (bpf_ksym_exists(&pcpu_hot))
		count = ((struct pcpu_hot___old *)bpf_this_cpu_ptr(&pcpu_hot))->preempt_count;
	if (bpf_ksym_exists(&local_interrupt_disable_state))
		hardirq_mask = HARDIRQ_MASK_NEW;
	return (count & hardirq_mask ? ONCPU_WAKE_HARDIRQ : 0) |
	       (count & SOFTIRQ_SERVING ? ONCPU_WAKE_SOFTIRQ : 0);
}

SEC("tp_btf/sched_switch")
int BPF_PROG(on_switch, bool preempt, struct task_struct *prev, struct task_struct *next,
	     unsigned int prev_state)
{
	struct oncpu_record r = {
		.tid = prev->pid,
		.type = ONCPU_SWITCH,
		.flags = preempt ? ONCPU_SWITCH_PREEMPTED : 0,
		.sched_switch = {
			.next_tid = next->pid,
			.prev_state = prev_state | prev->exit_state,
			.prev_prio = prev->prio,
			.next_prio = next->prio,
			.syscall = -1, /* not told yet */
		},
	};

	ring_write_switch(&r, next);
	return 0;
}

static __always_inline void write_wake(__u8 type, __u8 flags, struct task_struct *p)
{
	struct oncpu_record r = {
		.tid = current_tid(),
		.type = type,
		.flags = flags,
		.wake = { .tid = p->pid, .cpu = p->thread_info.cpu, .prio = p->prio },
	};

	ring_write(&r);
}

SEC("tp_btf/sched_waking")
int BPF_PROG(on_waking, struct task_struct *p)
{
	write_wake(ONCPU_WAKING, irq_flags(), p);
	return 0;
}

/* For kernels that do not tell where their variables are (CONFIG_KALLSYMS_ALL is off). */
SEC("?tp_btf/sched_waking")
int BPF_PROG(on_waking_blind, struct task_struct *p)
{
	write_wake(ONCPU_WAKING, 0, p);
	return 0;
}

SEC("tp_btf/sched_wakeup_new")
int BPF_PROG(on_wakeup_new, struct task_struct *p)
{
	write_wake(ONCPU_WAKEUP_NEW, 0, p);
	return 0;
}

SEC("tp_btf/sched_migrate_task")
int BPF_PROG(on_migrate, struct task_struct *p, int to_cpu)
{
	struct oncpu_record r = {
		.tid = current_tid(),
		.type = ONCPU_MIGRATE,
		.migrate = { .tid = p->pid, .from_cpu = p->thread_info.cpu, .to_cpu = to_cpu },
	};

	ring_write(&r);
	return 0;
}
