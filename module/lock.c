// SPDX-License-Identifier: GPL-2.0
/*
 * Waits for the kernel's own locks (spinning or sleeping). Only contended ones have tracepoints.
 */
#include <linux/sched.h>

#include "probes.h"
#include "recording.h"

static void write_lock_record(void *data, u8 type, const void *lock, u32 flags, s32 ret)
{
	struct oncpu_record r = {
		.tid = current->pid,
		.type = type,
		.lock = { .address = (unsigned long)lock, .flags = flags, .ret = ret },
	};

	oncpu_record_current(data, &r);
}

static void on_contention_begin(void *data, void *lock, unsigned int flags)
{
	write_lock_record(data, ONCPU_LOCK_BEGIN, lock, flags, 0);
}

static void on_contention_end(void *data, void *lock, int ret)
{
	write_lock_record(data, ONCPU_LOCK_END, lock, 0, ret);
}

static void on_release(void *data, void *lock)
{
	write_lock_record(data, ONCPU_LOCK_RELEASE, lock, 0, 0);
}

struct oncpu_probe oncpu_lock_probes[] = {
	{ "contention_begin", on_contention_begin, BIT_ULL(ONCPU_LOCK_BEGIN) },
	{ "contention_end", on_contention_end, BIT_ULL(ONCPU_LOCK_END) },
	{ "contended_release", on_release, BIT_ULL(ONCPU_LOCK_RELEASE) },
	{}
};
