// SPDX-License-Identifier: GPL-2.0
/*
 * The scheduler's tracepoints: who leaves a CPU for whom, who wakes whom, who moves.
 */
#include "lib/call.bpf.h"
#include "lib/context.bpf.h"
#include "lib/counters.bpf.h"
#include "lib/filter.bpf.h"
#include "lib/probe.bpf.h"
#include "lib/ring.bpf.h"
#include "lib/stack.bpf.h"

#define TASK_DEAD 0x80

const volatile __u32 hardirq_mask = 0x000f0000;
const volatile __s64 count_from_rq = 0;

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
	else if (!preempt && !state && oncpu_call_yields(call_of(prev).nr))
		r.flags |= ONCPU_SWITCH_YIELDED;
	ring_write(&r);
	if (stacks_at_switch && keep_task(prev) && prev->pid)
		stack_write(ctx, stacks_at_switch);
	counters_write(prev->pid);
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
	write_wake(ONCPU_WAKING, context(), p);
	return 0;
}

/* Instead of the one above, where that cannot be loaded. */
SEC("tp_btf/sched_waking")
int BPF_PROG(also_on_waking, struct task_struct *p)
{
	write_wake(ONCPU_WAKING, context_by_rq(), p);
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
