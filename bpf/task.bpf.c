// SPDX-License-Identifier: GPL-2.0
/*
 * The life of a task: created, another program, another name, gone.
 *
 * Plain tracepoints where their fields say enough: those run with preemption off. A program of
 * tp_btf is put off the CPU in the middle in new kernels, and then misses what other tasks do there
 * (see futex.bpf.c). Fork must be one, since no field tells a thread from a process.
 */
#include "lib/probe.bpf.h"
#include "lib/ring.bpf.h"

static __always_inline __u32 current_tgid(void)
{
	return bpf_get_current_pid_tgid() >> 32;
}

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

SEC("tp/sched/sched_process_exec")
int on_exec(struct trace_event_raw_sched_process_exec *ctx)
{
	struct oncpu_record r = {
		.tid = ctx->pid,
		.type = ONCPU_EXEC,
		.exec = { .tgid = current_tgid(), .old_tid = ctx->old_pid },
	};

	ring_write(&r);
	return 0;
}

SEC("tp/sched/sched_process_exit")
int on_exit(void *ctx)
{
	struct oncpu_record r = {
		.tid = current_tid(),
		.type = ONCPU_EXIT,
		.exit = { .tgid = current_tgid() },
	};

	ring_write(&r);
	return 0;
}

SEC("tp/task/task_rename")
int on_rename(struct trace_event_raw_task_rename *ctx)
{
	struct oncpu_record r = {
		.tid = ctx->pid,
		.type = ONCPU_COMM,
	};

	bpf_probe_read_kernel_str(r.comm, sizeof(r.comm), ctx->newcomm);
	ring_write(&r);
	return 0;
}
