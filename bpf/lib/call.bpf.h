/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The system call that a task is in, from the registers it entered the kernel with.
 */
#ifndef ONCPU_BPF_LIB_CALL_H
#define ONCPU_BPF_LIB_CALL_H

#include "probe.bpf.h"

#include <oncpu/calls.h>
#include <oncpu/record.h>

#define PF_IO_WORKER   0x00000010 /* these three have no user registers */
#define PF_USER_WORKER 0x00004000
#define PF_KTHREAD     0x00200000
#define TS_COMPAT      0x0002 /* a 32-bit call: its number is another table's */
#define EXC_SYSCALL    8
#define MAX_CALL       0x7fff

struct call {
	__s32 nr; /* -1: in none; an interrupt or a page fault from user space is none */
	__u32 arg0;
};

#if defined(__TARGET_ARCH_x86)
static __always_inline struct call call_in(struct task_struct *p, struct pt_regs *regs)
{
	bool native = !(p->thread_info.status & TS_COMPAT);

	return (struct call){ .nr = native ? (__s32)regs->orig_ax : -1, .arg0 = regs->di };
}
#elif defined(__TARGET_ARCH_arm64)
static __always_inline struct call call_in(struct task_struct *p, struct pt_regs *regs)
{
	return (struct call){ .nr = regs->syscallno, .arg0 = regs->orig_x0 };
}
#elif defined(__TARGET_ARCH_riscv)
static __always_inline struct call call_in(struct task_struct *p, struct pt_regs *regs)
{
	bool in = regs->cause == EXC_SYSCALL;

	return (struct call){ .nr = in ? (__s32)regs->a7 : -1, .arg0 = regs->orig_a0 };
}
#else
static __always_inline struct call call_in(struct task_struct *p, struct pt_regs *regs)
{
	return (struct call){ .nr = -1 };
}
#endif

static __always_inline struct call call_of(struct task_struct *p)
{
	struct call call = { .nr = -1 };

	if (p->flags & (PF_KTHREAD | PF_USER_WORKER | PF_IO_WORKER))
		return call;
	call = call_in(p, (struct pt_regs *)bpf_task_pt_regs(p));
	if (call.nr < 0 || call.nr > MAX_CALL)
		call.nr = -1;
	return call;
}

/* S_IFMT >> 12 of the file that p has open as fd; 0: none. Its own table: nobody frees it now. */
static __always_inline __u8 file_kind(struct task_struct *p, __u32 fd)
{
	struct files_struct *files = p->files;
	struct file *file;
	struct fdtable *fdt;
	__u8 kind;

	if (!files)
		return 0;
	fdt = files->fdt;
	if (!fdt || fd >= fdt->max_fds)
		return 0;
	/* A plain load, not a helper's. The type only has a pointer first. */
	file = (struct file *)bpf_core_cast(fdt->fd + fd, struct hlist_head)->first;
	if (!file)
		return 0;
	kind = bpf_core_cast(file, struct file)->f_inode->i_mode >> 12;
	return kind ? kind : ONCPU_SWITCH_FILE_ANON;
}

#endif
