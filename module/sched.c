// SPDX-License-Identifier: GPL-2.0
/*
 * The scheduler's tracepoints: who leaves a CPU for whom, who wakes whom, who moves.
 */
#include <linux/bits.h>
#include <linux/preempt.h>
#include <linux/sched.h>

#include "probes.h"
#include "ring.h"

static void on_switch(void *data, bool preempt, struct task_struct *prev, struct task_struct *next,
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

	oncpu_rings_write(data, &r);
}

static u8 irq_flags(void)
{
	return (in_hardirq() ? ONCPU_WAKE_HARDIRQ : 0) |
	       (in_serving_softirq() ? ONCPU_WAKE_SOFTIRQ : 0);
}

static void write_wake(void *data, u8 type, u8 flags, const struct task_struct *p)
{
	struct oncpu_record r = {
		.tid = current->pid,
		.type = type,
		.flags = flags,
		.wake = { .tid = p->pid, .cpu = task_cpu(p), .prio = p->prio },
	};

	oncpu_rings_write(data, &r);
}

static void on_waking(void *data, struct task_struct *p)
{
	write_wake(data, ONCPU_WAKING, irq_flags(), p);
}

static void on_wakeup_new(void *data, struct task_struct *p)
{
	write_wake(data, ONCPU_WAKEUP_NEW, 0, p);
}

static void on_migrate(void *data, struct task_struct *p, int to_cpu)
{
	struct oncpu_record r = {
		.tid = current->pid,
		.type = ONCPU_MIGRATE,
		.migrate = { .tid = p->pid, .from_cpu = task_cpu(p), .to_cpu = to_cpu },
	};

	oncpu_rings_write(data, &r);
}

struct oncpu_probe oncpu_sched_probes[] = {
	{ "sched_switch", on_switch, BIT_ULL(ONCPU_SWITCH) },
	{ "sched_waking", on_waking, BIT_ULL(ONCPU_WAKING) },
	{ "sched_wakeup_new", on_wakeup_new, BIT_ULL(ONCPU_WAKEUP_NEW) },
	{ "sched_migrate_task", on_migrate, BIT_ULL(ONCPU_MIGRATE) },
	{}
};
