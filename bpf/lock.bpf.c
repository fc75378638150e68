// SPDX-License-Identifier: GPL-2.0
/*
 * Waits for the kernel's own locks (spinning or sleeping). Only contended ones have tracepoints.
 */
#include "lib/probe.bpf.h"
#include "lib/ring.bpf.h"

static __always_inline void write_lock_record(__u8 type, void *lock, __u32 flags, __s32 ret)
{
	struct oncpu_record r = {
		.tid = current_tid(),
		.type = type,
		.lock = { .address = (__u64)lock, .flags = flags, .ret = ret },
	};

	ring_write(&r);
}

SEC("tp_btf/contention_begin")
int BPF_PROG(on_contention_begin, void *lock, unsigned int flags)
{
	write_lock_record(ONCPU_LOCK_BEGIN, lock, flags, 0);
	return 0;
}

SEC("tp_btf/contention_end")
int BPF_PROG(on_contention_end, void *lock, int ret)
{
	write_lock_record(ONCPU_LOCK_END, lock, 0, ret);
	return 0;
}
