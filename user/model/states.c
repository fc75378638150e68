// SPDX-License-Identifier: GPL-2.0
/* The kernel's task states, and what they mean to the model. */
#include "model/build.h"

/* The kernel's bits of task->__state | exit_state, as sched_switch shows them raw. */
#define TASK_INTERRUPTIBLE   0x0001
#define TASK_UNINTERRUPTIBLE 0x0002
#define TASK_STOPPED	     0x0004
#define TASK_TRACED	     0x0008
#define EXIT_DEAD	     0x0010
#define EXIT_ZOMBIE	     0x0020
#define TASK_PARKED	     0x0040
#define TASK_DEAD	     0x0080
#define TASK_WAKEKILL	     0x0100
#define TASK_NOLOAD	     0x0400
#define TASK_RTLOCK_WAIT     0x1000
#define TASK_FROZEN	     0x8000

enum state state_of(uint32_t raw)
{
	if (raw == 0)
		return STATE_RUNNABLE;
	if (raw & (EXIT_DEAD | EXIT_ZOMBIE | TASK_DEAD))
		return STATE_DEAD;
	if (raw & (TASK_STOPPED | TASK_TRACED | TASK_PARKED | TASK_FROZEN))
		return STATE_STOPPED;
	if (raw & TASK_INTERRUPTIBLE)
		return STATE_SLEEPING;
	if ((raw & TASK_UNINTERRUPTIBLE) && (raw & TASK_NOLOAD))
		return STATE_SLEEPING; /* a kernel thread without work */
	if (raw & (TASK_UNINTERRUPTIBLE | TASK_RTLOCK_WAIT | TASK_WAKEKILL))
		return STATE_BLOCKED;
	return STATE_UNKNOWN;
}
