/* SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note */
/*
 * Whose events are recorded: decided in the kernel, by the same rule in the module and in the BPF
 * probes.
 *
 * A task is wanted if any of the kinds in flags says so; none of them: every task is. A record is
 * kept if its subject, or a task that its payload names, is wanted. Records about a CPU and not
 * about a task (IRQ, SOFTIRQ, IPI, IDLE) are kept where their class is recorded at all.
 *
 * The recorder itself (self_tgid) counts as idle: it is no subject, and is seen only where it
 * takes a CPU from another task or gives it back.
 *
 * ONCPU_FILTER_TASKS looks into a bitmap that user space maps and writes: bit (tid % 64) of word
 * (tid / 64). At a fork the child's bit becomes its parent's with ONCPU_FILTER_TREE, and 0 without:
 * so a tid that is taken again says nothing of who had it, and a task that ends keeps its bit, for
 * what it does after its EXIT (it wakes who joins it, it signals its parent).
 *
 * BLOCK_COMPLETE comes in an interrupt above anybody: it is kept if its BLOCK_ISSUE was. COMM is
 * also kept if the new name is the one that is wanted.
 */
#ifndef ONCPU_FILTER_H
#define ONCPU_FILTER_H

#include "record.h"

#define ONCPU_MAX_TID	      (4u << 20) /* PID_MAX_LIMIT: tids are below it */
#define ONCPU_TASKS_BYTES     (ONCPU_MAX_TID / 8)

#define ONCPU_FILTER_TASKS    0x01 /* whose bit is set */
#define ONCPU_FILTER_TREE     0x02 /* ... and is handed down */
#define ONCPU_FILTER_COMM     0x04 /* who is called .comm */
#define ONCPU_FILTER_CGROUP   0x08 /* who is in .cgroup or below it (of the unified hierarchy) */
#define ONCPU_FILTER_SELF     0x10 /* the recorder is a task as any other */
#define ONCPU_FILTER_SWITCHES 0x20 /* SWITCH is kept of every task: who ran instead? */

struct oncpu_filter {
	__u32 flags;
	__u32 self_tgid;
	__u64 cgroup; /* its id: the inode number of its folder */
	char comm[ONCPU_COMM_LEN];
};

#endif
