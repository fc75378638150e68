/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The probes: functions that the kernel calls at its tracepoints. One file a kernel subsystem, each
 * with a table; the data of every probe is the recording.
 *
 * New kernels call most of them with preemption on.
 */
#ifndef ONCPU_MODULE_PROBES_H
#define ONCPU_MODULE_PROBES_H

#include <linux/bits.h>
#include <linux/types.h>

struct oncpu_recording;
struct tracepoint;

struct oncpu_probe {
	const char *name; /* the tracepoint's; NULL ends a table */
	void *function;
	u64 types; /* bit (1 << type): what it writes */
	struct tracepoint *tp;
};

extern struct oncpu_probe oncpu_sched_probes[];
extern struct oncpu_probe oncpu_task_probes[];
extern struct oncpu_probe oncpu_lock_probes[];
extern struct oncpu_probe oncpu_futex_probes[];
extern struct oncpu_probe oncpu_fault_probes[];
extern struct oncpu_probe oncpu_irq_probes[];
extern struct oncpu_probe oncpu_ipi_probes[];
extern struct oncpu_probe oncpu_idle_probes[];
extern struct oncpu_probe oncpu_syscall_probes[];
extern struct oncpu_probe oncpu_uring_probes[];
extern struct oncpu_probe oncpu_block_probes[];
extern struct oncpu_probe oncpu_signal_probes[];

/*
 * Another way than by oncpu_futex_probes, and a better one. 0, or -errno: not in this kernel. When
 * detach returns nobody is under way there.
 */
int oncpu_futex_attach(struct oncpu_recording *rec);
void oncpu_futex_detach(void);

void oncpu_probes_find(void); /* once, at the start */
u64 oncpu_probes_types(void); /* what this kernel can record */

/* 0 or -errno; all or none. */
int oncpu_probes_attach(struct oncpu_recording *rec);
/* When it returns no probe runs any more. */
void oncpu_probes_detach(struct oncpu_recording *rec);

#endif
