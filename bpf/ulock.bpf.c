// SPDX-License-Identifier: GPL-2.0
/*
 * Locks of the C library, also where nobody has to wait: at the door of its functions (uprobe.multi).
 * Only at the door: a probe of the return would put its own address where the stacks are read, and
 * cost as much again. When the lock is had follows from the futex waits in between.
 */
#include "lib/filter.bpf.h"
#include "lib/probe.bpf.h"
#include "lib/ring.bpf.h"

/* The cookie: the record's flags, and what the function does with its first argument. */
#define ULOCK_ASKS     0x100
#define ULOCK_RELEASES 0x200
#define ULOCK_SECOND   0x400 /* with its second: the mutex of a condition */

static __always_inline void write_ulock(__u8 type, __u8 flags, __u64 address)
{
	struct oncpu_record r = {
		.tid = current_tid(),
		.type = type,
		.flags = flags,
		.ulock = { .address = address },
	};

	ring_write(&r);
}

SEC("uprobe.multi")
int on_ulock_wait__ulock_release(struct pt_regs *ctx)
{
	__u64 cookie = bpf_get_attach_cookie(ctx);
	__u64 first = PT_REGS_PARM1(ctx), second = PT_REGS_PARM2(ctx);
	__u8 flags = cookie;
	__u64 address;

	barrier_var(
		first); /* each loaded by itself: the verifier knows no choice between registers */
	barrier_var(second);
	address = cookie & ULOCK_SECOND ? second : first;
	if (!keep_current())
		return 0;
	if (cookie & ULOCK_RELEASES)
		write_ulock(ONCPU_ULOCK_RELEASE, cookie & ULOCK_SECOND ? ONCPU_ULOCK_MUTEX : flags,
			    address);
	if (cookie & ULOCK_ASKS)
		write_ulock(ONCPU_ULOCK_WAIT, flags, address);
	return 0;
}
