/* SPDX-License-Identifier: GPL-2.0 */
/* Does a program hang? Seen from outside, in /proc, while it runs. */
#ifndef ONCPU_GRADE_QUIET_H
#define ONCPU_GRADE_QUIET_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#define QUIET_MOST_TASKS 300

struct quiet {
	const char *program;	 /* as /proc/PID/exe names it */
	uint64_t last, since_ms; /* what its tasks had run by then, and since when */
	uint64_t seen_ms;	 /* when it was first seen; 0: not yet */
	unsigned int
		nr_tasks; /* it has now; 0: it is not there. No more than QUIET_MOST_TASKS are counted */
};

/*
 * For how long, in ms, every task of the program that the recorder started has slept without having
 * been on a CPU. 0: one runs or wants to, or it has not started. now_ms: any clock that goes on.
 */
uint64_t quiet_for(struct quiet *q, pid_t recorder, uint64_t now_ms);

#endif
