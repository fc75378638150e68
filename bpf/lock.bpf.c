// SPDX-License-Identifier: GPL-2.0
/*
 * Waits for the kernel's own locks (spinning or sleeping). Only contended ones have tracepoints.
 *
 * Plain tracepoints, since a sleeping lock is waited for with preemption on: there, a program of
 * tp_btf would be put off the CPU in the middle, and miss what other tasks wait for (see
 * futex.bpf.c). Where they are left out, in an interrupt, those of tp_btf stand in (nested.bpf.h).
 */
#include "lib/filter.bpf.h"
#include "lib/nested.bpf.h"
#include "lib/probe.bpf.h"
#include "lib/ring.bpf.h"

static __always_inline void write_lock_record(__u8 type, void *lock, __u32 flags, __s32 ret)
{
	struct oncpu_record r = {
		.tid = current_tid(),
		.type = type,
		.lock = { .address = (__u64)lock, .flags = flags, .ret = ret },
	};

	if (keep_current())
		ring_write(&r);
}

/* The same, for the tracepoints' programs. */
static __always_inline void write_lock_event(__u8 type, void *lock, __u32 flags, __s32 ret)
{
	nested_say(1);
	write_lock_record(type, lock, flags, ret);
	nested_say(-1);
}

SEC("tp/lock/contention_begin")
int on_lock_begin(struct trace_event_raw_contention_begin *ctx)
{
	write_lock_event(ONCPU_LOCK_BEGIN, ctx->lock_addr, ctx->flags, 0);
	return 0;
}

SEC("tp_btf/contention_begin")
int BPF_PROG(also_on_lock_begin, void *lock, unsigned int flags)
{
	if (nested_stands_in())
		write_lock_record(ONCPU_LOCK_BEGIN, lock, flags, 0);
	return 0;
}

SEC("tp/lock/contention_end")
int on_lock_end(struct trace_event_raw_contention_end *ctx)
{
	write_lock_event(ONCPU_LOCK_END, ctx->lock_addr, 0, ctx->ret);
	return 0;
}

SEC("tp_btf/contention_end")
int BPF_PROG(also_on_lock_end, void *lock, int ret)
{
	if (nested_stands_in())
		write_lock_record(ONCPU_LOCK_END, lock, 0, ret);
	return 0;
}

/* Kernels before 7.2 have no such event, nor this type. */
struct trace_event_raw_contended_release___new {
	void *lock_addr;
} __attribute__((preserve_access_index));

SEC("tp/lock/contended_release")
int on_lock_release(struct trace_event_raw_contended_release___new *ctx)
{
	write_lock_event(ONCPU_LOCK_RELEASE, ctx->lock_addr, 0, 0);
	return 0;
}

SEC("tp_btf/contended_release")
int BPF_PROG(also_on_lock_release, void *lock)
{
	if (nested_stands_in())
		write_lock_record(ONCPU_LOCK_RELEASE, lock, 0, 0);
	return 0;
}
