// SPDX-License-Identifier: GPL-2.0
/*
 * All system calls. While these are attached, every call of every task takes the slow way through
 * the kernel's entry code.
 */
#include <linux/sched.h>
#include <asm/syscall.h>

#include "probes.h"
#include "recording.h"

static void write_syscall_record(void *data, u8 type, s32 nr, u64 arg0)
{
	struct oncpu_record r = {
		.tid = current->pid,
		.type = type,
		.syscall = { .nr = nr, .arg0 = arg0 },
	};

	oncpu_record_current(data, &r);
}

static void on_sys_enter(void *data, struct pt_regs *regs, long nr)
{
	unsigned long args[6];

	syscall_get_arguments(current, regs, args);
	write_syscall_record(data, ONCPU_SYSCALL, nr, args[0]);
}

static void on_sys_exit(void *data, struct pt_regs *regs, long ret)
{
	write_syscall_record(data, ONCPU_SYSCALL_END, syscall_get_nr(current, regs), ret);
}

struct oncpu_probe oncpu_syscall_probes[] = { { "sys_enter", on_sys_enter, BIT_ULL(ONCPU_SYSCALL) },
					      { "sys_exit", on_sys_exit,
						BIT_ULL(ONCPU_SYSCALL_END) },
					      {} };
