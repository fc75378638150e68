// SPDX-License-Identifier: GPL-2.0
/*
 * The scheduler's tracepoints: who leaves a CPU for whom, who wakes whom, who moves.
 */
#include "lib/call.bpf.h"
#include "lib/filter.bpf.h"
#include "lib/probe.bpf.h"
#include "lib/ring.bpf.h"

/* preempt_count: where the kernel keeps it, and how it is laid out, changed over time. */
#define TASK_DEAD	 0x80
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

/* It goes to sleep: in which call, for which file? The hottest path: no helper but pt_regs. */
static __always_inline void tell_sleep(struct oncpu_record *r, struct task_struct *prev)
{
	struct call call = call_of(prev);

	if (BPF_CORE_READ_BITFIELD(prev, in_iowait))
		r->flags |= ONCPU_SWITCH_IOWAIT;
	r->sched_switch.syscall = call.nr;
	if (!oncpu_call_takes_fd(call.nr))
		return;
	r->sched_switch.fd = call.arg0;
	r->flags |= file_kind(prev, call.arg0) << ONCPU_SWITCH_FILE_SHIFT;
}

SEC("tp_btf/sched_switch")
int BPF_PROG(on_switch, bool preempt, struct task_struct *prev, struct task_struct *next,
	     unsigned int prev_state)
{
	__u32 state = prev_state | prev->exit_state;
	struct oncpu_record r = {
		.tid = prev->pid,
		.type = ONCPU_SWITCH,
		.flags = preempt ? ONCPU_SWITCH_PREEMPTED : 0,
		.sched_switch = {
			.next_tid = next->pid,
			.prev_state = state,
			.prev_prio = prev->prio,
			.next_prio = next->prio,
			.syscall = -1,
		},
	};

	if (!keep_switch(prev, next))
		return 0;
	if (!preempt && state && !(state & TASK_DEAD))
		tell_sleep(&r, prev);
	ring_write(&r);
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

	if (keep_tasks(bpf_get_current_task_btf(), p))
		ring_write(&r);
}

SEC("tp_btf/sched_waking")
int BPF_PROG(on_waking, struct task_struct *p)
{
	write_wake(ONCPU_WAKING, irq_flags(), p);
	return 0;
}

/*
 * FORK is written here and not at sched_process_fork, which new kernels pass with preemption on: a
 * program that is put off the CPU in the middle misses the next fork there (see futex.bpf.c), and
 * with it a whole tree of processes. Here the run queue is locked, and subject is the parent, too.
 * This program must stand before the next one: in that order they are attached, and called.
 */
SEC("tp_btf/sched_wakeup_new")
int BPF_PROG(on_fork, struct task_struct *child)
{
	struct task_struct *parent = bpf_get_current_task_btf();
	struct oncpu_record r = {
		.tid = parent->pid,
		.type = ONCPU_FORK,
		.fork = { .tid = child->pid, .tgid = child->tgid, .parent_tgid = parent->tgid },
	};

	inherit_bit(parent, child);
	if (types >> ONCPU_FORK & 1 && keep_tasks(parent, child))
		ring_write(&r);
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

	if (keep_tasks(bpf_get_current_task_btf(), p))
		ring_write(&r);
	return 0;
}

/* The kernel computes the new priority after this event, from the same two: so do we. */
SEC("tp_btf/sched_pi_setprio")
int BPF_PROG(on_pi_setprio, struct task_struct *p, struct task_struct *donor)
{
	struct task_struct *current = bpf_get_current_task_btf();
	int prio = p->normal_prio;
	struct oncpu_record r = {
		.tid = current->pid,
		.type = ONCPU_PI_SETPRIO,
		.pi = { .tid = p->pid, .old_prio = p->prio },
	};

	if (donor) {
		r.pi.donor = donor->pid;
		prio = donor->prio < prio ? donor->prio : prio;
	}
	r.pi.new_prio = prio;
	if (keep_tasks(current, p) || (donor && keep_task(donor)))
		ring_write(&r);
	return 0;
}
