// SPDX-License-Identifier: GPL-2.0
/*
 * The life of a task: created, another program, another name, gone.
 */
#include <linux/sched.h>
#include <linux/string.h>

#include "probes.h"
#include "recording.h"

static void on_fork(void *data, struct task_struct *parent, struct task_struct *child)
{
	struct oncpu_record r = {
		.tid = parent->pid,
		.type = ONCPU_FORK,
		.fork = { .tid = child->pid, .tgid = child->tgid, .parent_tgid = parent->tgid },
	};
	struct oncpu_recording *rec = data;

	oncpu_chosen_hand_down(&rec->chosen, parent, child);
	if (oncpu_records(rec, ONCPU_FORK))
		oncpu_record_of(rec, &r, parent, child);
}

/* The kernel passes more arguments (struct linux_binprm, bool) to these two: not needed. */
static void on_exec(void *data, struct task_struct *p, pid_t old_tid)
{
	struct oncpu_record r = {
		.tid = p->pid,
		.type = ONCPU_EXEC,
		.exec = { .tgid = p->tgid, .old_tid = old_tid },
	};

	oncpu_record_of(data, &r, p, NULL);
}

static void on_exit(void *data, struct task_struct *p)
{
	struct oncpu_record r = {
		.tid = p->pid,
		.type = ONCPU_EXIT,
		.exit = { .tgid = p->tgid },
	};
	struct oncpu_recording *rec = data;

	if (oncpu_records(rec, ONCPU_EXIT))
		oncpu_record_of(rec, &r, p, NULL);
	/* It has still to leave its CPU: where that is recorded, that is its end. */
	if (!oncpu_records(rec, ONCPU_SWITCH))
		oncpu_chosen_drop(&rec->chosen, p);
}

static void on_rename(void *data, struct task_struct *p, const char *comm)
{
	struct oncpu_record r = {
		.tid = p->pid,
		.type = ONCPU_COMM,
	};

	strscpy_pad(r.comm, comm, sizeof(r.comm));
	oncpu_record_of(data, &r, p, NULL);
}

struct oncpu_probe oncpu_task_probes[] = { { "sched_process_fork", on_fork, BIT_ULL(ONCPU_FORK) },
					   { "sched_process_exec", on_exec, BIT_ULL(ONCPU_EXEC) },
					   { "sched_process_exit", on_exit, BIT_ULL(ONCPU_EXIT) },
					   { "task_rename", on_rename, BIT_ULL(ONCPU_COMM) },
					   {} };
