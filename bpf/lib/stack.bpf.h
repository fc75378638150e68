/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Where the current task is: STACK and FRAMES, as <oncpu/record.h> has them.
 *
 * Only for programs that run with preemption off and do not nest: the scratch is the CPU's.
 */
#ifndef ONCPU_BPF_LIB_STACK_H
#define ONCPU_BPF_LIB_STACK_H

#include <oncpu/record.h>

struct pt_regs;

extern const volatile __u8 stacks_at_futex, stacks_at_switch; /* ONCPU_STACK_USER | _KERNEL */

/* ctx is the program's own. Each id's frames are written once a CPU. */
void stack_write(void *ctx, __u32 which);

#endif
