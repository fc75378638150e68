// SPDX-License-Identifier: GPL-2.0
/*
 * The life of a task: created, another program, another name, gone.
 *
 * Plain tracepoints: those run with preemption off. A program of tp_btf is put off the CPU in the
 * middle in new kernels, and then misses what other tasks do there (see futex.bpf.c). A plain one
 * cannot tell a thread from a process: FORK is in sched.bpf.c.
 */
#include "lib/filter.bpf.h"
#include "lib/probe.bpf.h"
#include "lib/ring.bpf.h"

static __always_inline __u32 current_tgid(void)
{
	return bpf_get_current_pid_tgid() >> 32;
}

SEC("tp/sched/sched_process_exec")
int on_exec(struct trace_event_raw_sched_process_exec *ctx)
{
	struct oncpu_record r = {
		.tid = ctx->pid,
		.type = ONCPU_EXEC,
		.exec = { .tgid = current_tgid(), .old_tid = ctx->old_pid },
	};

	if (keep_current())
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

	if (keep_current())
		ring_write(&r);
	return 0;
}

/* A task that is chosen by its name: from the name's first moment on. */
static __always_inline bool called_so_now(const char *comm)
{
	return filter.flags & ONCPU_FILTER_COMM && on_wanted_cpu() && comm_is_wanted(comm);
}

SEC("tp/task/task_rename")
int on_comm(struct trace_event_raw_task_rename *ctx)
{
	struct oncpu_record r = {
		.tid = ctx->pid,
		.type = ONCPU_COMM,
	};

	bpf_probe_read_kernel_str(r.comm, sizeof(r.comm), ctx->newcomm);
	if (keep_current() || called_so_now(r.comm))
		ring_write(&r);
	return 0;
}
