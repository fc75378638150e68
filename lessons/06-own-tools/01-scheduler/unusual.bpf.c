// SPDX-License-Identifier: GPL-2.0
/*
 * Turns, as in round robin; but a turn is over when its time is used up, and not when somebody says so. Who
 * yields before that goes on. So all have the same time, and nothing has to be added up.
 */
#include "scheduler.h"

void POLICY_CALL(enqueue, struct task_struct *p, u64 enq_flags)
{
	decide(p, READY, SLICE_NS, enq_flags, "it goes to the end");
}

void POLICY_CALL(dispatch, s32 cpu, struct task_struct *prev)
{
	__u64 ran = ran_ns();

	if (wants_more(prev) && ran < SLICE_NS)
		go_on(prev, SLICE_NS - ran, "the rest of its turn");
	else if (!scx_bpf_dsq_move_to_local(READY))
		go_on(prev, SLICE_NS, "nobody else waits");
}

void POLICY_CALL(stopping, struct task_struct *p, bool runnable)
{
}

SCHEDULER(enqueue, dispatch, stopping);

char _license[] SEC("license") = "GPL";
