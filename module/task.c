// SPDX-License-Identifier: GPL-2.0
/*
 * The life of a task: created, another program, another name, gone.
 */
#include <linux/sched.h>
#include <linux/string.h>

#include "probes.h"
#include "recording.h"

/*
 * At sched_wakeup_new: the workers that io_uring makes for a task do not pass sched_process_fork.
 * This probe comes before the one that writes WAKEUP_NEW.
 */
static void on_fork(void *data, struct task_struct *child)
{
	struct oncpu_recording *rec = data;
	struct oncpu_record r = {
		.tid = current->pid,
		.type = ONCPU_FORK,
		.fork = { .tid = child->pid, .tgid = child->tgid, .parent_tgid = current->tgid },
	};

	oncpu_chosen_hand_down(&rec->chosen, current, child);
	if (oncpu_records(rec, ONCPU_FORK))
		oncpu_record_of(rec, &r, child);
}

/* The kernel passes more arguments (struct linux_binprm, bool) to these two: not needed. */
static void on_exec(void *data, struct task_struct *p, pid_t old_tid)
{
	struct oncpu_record r = {
		.tid = p->pid,
		.type = ONCPU_EXEC,
		.exec = { .tgid = p->tgid, .old_tid = old_tid },
	};

	oncpu_record_current(data, &r);
}

static void on_exit(void *data, struct task_struct *p)
{
	struct oncpu_record r = {
		.tid = p->pid,
		.type = ONCPU_EXIT,
		.exit = { .tgid = p->tgid },
	};

	oncpu_record_current(data, &r);
}

/* A task that is chosen by its name is so from the name's first moment on. */
static void on_rename(void *data, struct task_struct *p, const char *comm)
{
	struct oncpu_recording *rec = data;
	struct oncpu_record r = {
		.tid = p->pid,
		.type = ONCPU_COMM,
	};

	strscpy_pad(r.comm, comm, sizeof(r.comm));
	if (oncpu_chosen_by_name(&rec->chosen, r.comm))
		oncpu_record(rec, &r);
	else
		oncpu_record_of(rec, &r, p);
}

struct oncpu_probe oncpu_task_probes[] = { { "sched_wakeup_new", on_fork, BIT_ULL(ONCPU_FORK) },
					   { "sched_process_exec", on_exec, BIT_ULL(ONCPU_EXEC) },
					   { "sched_process_exit", on_exit, BIT_ULL(ONCPU_EXIT) },
					   { "task_rename", on_rename, BIT_ULL(ONCPU_COMM) },
					   {} };
