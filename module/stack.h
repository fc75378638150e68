/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Where the current task is: STACK and FRAMES, as <oncpu/record.h> has them.
 */
#ifndef ONCPU_MODULE_STACK_H
#define ONCPU_MODULE_STACK_H

#include <linux/types.h>

struct oncpu_recording;
struct oncpu_stacks; /* room to work in, one a CPU; kept from one record to the next */

/* 0 or -ENOMEM. */
int oncpu_stacks_alloc(struct oncpu_stacks __percpu **stacks);

/* Of current, of which a record was just written. which: ONCPU_STACK_*. Not in an interrupt. */
void oncpu_stack_write(struct oncpu_recording *rec, unsigned int which);

#endif
