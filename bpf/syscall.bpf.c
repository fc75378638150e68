// SPDX-License-Identifier: GPL-2.0
/*
 * All system calls. Plain tracepoints, for these run with preemption off (see futex.bpf.c).
 */
#include "lib/filter.bpf.h"
#include "lib/probe.bpf.h"
#include "lib/ring.bpf.h"

static __always_inline void write_call(__u8 type, __s32 nr, __u64 value)
{
	struct oncpu_record r = {
		.tid = current_tid(),
		.type = type,
		.syscall = { .nr = nr, .arg0 = value },
	};

	if (keep_current())
		ring_write(&r);
}

SEC("tp/raw_syscalls/sys_enter")
int on_syscall(struct trace_event_raw_sys_enter *ctx)
{
	write_call(ONCPU_SYSCALL, ctx->id, ctx->args[0]);
	return 0;
}

SEC("tp/raw_syscalls/sys_exit")
int on_syscall_end(struct trace_event_raw_sys_exit *ctx)
{
	write_call(ONCPU_SYSCALL_END, ctx->id, ctx->ret);
	return 0;
}
