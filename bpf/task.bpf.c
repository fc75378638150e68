// SPDX-License-Identifier: GPL-2.0
/*
 * The life of a task: created, another program, another name, gone.
 */
#include "lib/probe.bpf.h"
#include "lib/ring.bpf.h"

SEC("tp_btf/sched_process_fork")
int BPF_PROG(on_fork, struct task_struct *parent, struct task_struct *child)
{
	struct oncpu_record r = {
		.tid = parent->pid,
		.type = ONCPU_FORK,
		.fork = { .tid = child->pid, .tgid = child->tgid, .parent_tgid = parent->tgid },
	};

	ring_write(&r);
	return 0;
}

SEC("tp_btf/sched_process_exec")
int BPF_PROG(on_exec, struct task_struct *p, pid_t old_tid)
{
	struct oncpu_record r = {
		.tid = p->pid,
		.type = ONCPU_EXEC,
		.exec = { .tgid = p->tgid, .old_tid = old_tid },
	};

	ring_write(&r);
	return 0;
}

SEC("tp_btf/sched_process_exit")
int BPF_PROG(on_exit, struct task_struct *p)
{
	struct oncpu_record r = {
		.tid = p->pid,
		.type = ONCPU_EXIT,
		.exit = { .tgid = p->tgid },
	};

	ring_write(&r);
	return 0;
}

SEC("tp_btf/task_rename")
int BPF_PROG(on_rename, struct task_struct *p, const char *comm)
{
	struct oncpu_record r = {
		.tid = p->pid,
		.type = ONCPU_COMM,
	};

	bpf_probe_read_kernel_str(r.comm, sizeof(r.comm), comm);
	ring_write(&r);
	return 0;
}
