/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The guard: a small process that does nothing as long as the recorder lives. Where that is killed
 * it ends what the recorder would have ended: the target, all that the target started, and the
 * control group that they are in.
 */
#ifndef ONCPU_RECORD_GUARD_H
#define ONCPU_RECORD_GUARD_H

#include <sys/types.h>

struct guard {
	int alive; /* closed by our death; -1: there is no guard */
};

/* Before target_fork(): it is to be no child of a process that reaps orphans. 0 or -errno. */
int guard_start(struct guard *g);
/* Whom to end. It is in its control group already, if it is to have one. */
void guard_target(struct guard *g, pid_t target);
/* All is tidied up. One that was never started is no trouble. */
void guard_stop(struct guard *g);

#endif
