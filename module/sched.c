// SPDX-License-Identifier: GPL-2.0
/*
 * The scheduler's tracepoints: who leaves a CPU for whom and in which system call, who wakes whom,
 * who moves, who lends his priority.
 */
#include <linux/compat.h>
#include <linux/fdtable.h>
#include <linux/fs.h>
#include <linux/minmax.h>
#include <linux/preempt.h>
#include <linux/sched.h>
#include <linux/sched/task_stack.h>
#include <asm/syscall.h>

#include <oncpu/calls.h>

#include "probes.h"
#include "recording.h"

#define MODE_TO_KIND 12 /* S_IFMT, as few bits as it is */

/*
 * The kind of the file behind a descriptor of current, which is about to leave the CPU; 0: none.
 *
 * Interrupts are off, so this is an RCU reader: the table, the file and its inode stay memory of
 * their kind. A thread that shares the table may close the descriptor meanwhile and have the file
 * used anew: then the kind is that of another file.
 */
static u8 file_kind(u32 fd)
{
	const struct inode *inode;
	struct file *file;
	u8 kind;

	if (!current->files)
		return 0;
	file = files_lookup_fd_raw(current->files, fd);
	inode = file ? READ_ONCE(file->f_inode) : NULL;
	if (!inode)
		return 0;
	kind = (READ_ONCE(inode->i_mode) & S_IFMT) >> MODE_TO_KIND;
	return kind ? kind : ONCPU_SWITCH_FILE_ANON;
}

/* The number of the call that current is in; below 0: in none, an interrupt or a fault. */
static int call_of_current(void)
{
	if (current->flags & (PF_KTHREAD | PF_USER_WORKER) || in_compat_syscall())
		return -1;
	return syscall_get_nr(current, task_pt_regs(current));
}

/* Current goes to sleep: in which call, for which file? */
static void tell_sleep(struct oncpu_record *r)
{
	unsigned long args[6];
	int nr = call_of_current();

	if (current->in_iowait)
		r->flags |= ONCPU_SWITCH_IOWAIT;
	if (nr < 0 || nr > S16_MAX)
		return;
	r->sched_switch.syscall = nr;
	if (!oncpu_call_takes_fd(nr))
		return;
	syscall_get_arguments(current, task_pt_regs(current), args);
	r->sched_switch.fd = args[0];
	r->flags |= file_kind(args[0]) << ONCPU_SWITCH_FILE_SHIFT;
}

static void on_switch(void *data, bool preempt, struct task_struct *prev, struct task_struct *next,
		      unsigned int prev_state)
{
	unsigned int state = prev_state | prev->exit_state;
	struct oncpu_recording *rec = data;
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

	if (oncpu_chosen_switch(&rec->chosen, prev, next)) {
		if (!preempt && state && !(state & TASK_DEAD))
			tell_sleep(&r);
		else if (!preempt && !state && oncpu_call_yields(call_of_current()))
			r.flags |= ONCPU_SWITCH_YIELDED;
		oncpu_record(rec, &r);
		if (rec->stacks_at_switch && oncpu_chosen_has(&rec->chosen, prev))
			oncpu_stack_write(rec, rec->stacks_at_switch);
	}
}

static u8 irq_flags(void)
{
	return (in_hardirq() ? ONCPU_WAKE_HARDIRQ : 0) |
	       (in_serving_softirq() ? ONCPU_WAKE_SOFTIRQ : 0);
}

static void write_wake(void *data, u8 type, u8 flags, struct task_struct *p)
{
	struct oncpu_record r = {
		.tid = current->pid,
		.type = type,
		.flags = flags,
		.wake = { .tid = p->pid, .cpu = task_cpu(p), .prio = p->prio },
	};

	oncpu_record_of(data, &r, p);
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

	oncpu_record_of(data, &r, p);
}

/* The kernel takes the higher of the two priorities only after this. */
static void on_pi_setprio(void *data, struct task_struct *p, struct task_struct *donor)
{
	struct oncpu_recording *rec = data;
	struct oncpu_record r = {
		.tid = current->pid,
		.type = ONCPU_PI_SETPRIO,
		.pi = {
			.tid = p->pid,
			.donor = donor ? donor->pid : 0,
			.old_prio = p->prio,
			.new_prio = donor ? min(p->normal_prio, donor->prio) : p->normal_prio,
		},
	};

	if (donor && oncpu_chosen_has_above(&rec->chosen, donor))
		oncpu_record(rec, &r);
	else
		oncpu_record_of(rec, &r, p);
}

struct oncpu_probe oncpu_sched_probes[] = {
	{ "sched_switch", on_switch, BIT_ULL(ONCPU_SWITCH) },
	{ "sched_waking", on_waking, BIT_ULL(ONCPU_WAKING) },
	{ "sched_wakeup_new", on_wakeup_new, BIT_ULL(ONCPU_WAKEUP_NEW) },
	{ "sched_migrate_task", on_migrate, BIT_ULL(ONCPU_MIGRATE) },
	{ "sched_pi_setprio", on_pi_setprio, BIT_ULL(ONCPU_PI_SETPRIO) },
	{}
};
