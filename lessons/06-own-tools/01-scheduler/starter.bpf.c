// SPDX-License-Identifier: GPL-2.0
#include "scheduler.h"

/* p can run: it was woken, is new, or its slice is over. Which queue, before whom, for how long? */
void POLICY_CALL(enqueue, struct task_struct *p, u64 enq_flags)
{
	decide(p, READY, SLICE_NS, enq_flags, "it has come, and goes to the end");
}

/*
 * A turn is over: what is this CPU to take? prev was on it until now; NULL: nobody. If wants_more(prev) it could
 * go on. It is in no queue yet: where you take another one, it comes to enqueue() after that.
 */
void POLICY_CALL(dispatch, s32 cpu, struct task_struct *prev)
{
	/* to do */
}

/* p leaves its CPU, on which it was for ran_ns(). */
void POLICY_CALL(stopping, struct task_struct *p, bool runnable)
{
	/* to do: p->scx.dsq_vtime is a number of 8 bytes at the task that is yours to use; 0 at first */
}

SCHEDULER(enqueue, dispatch, stopping);

char _license[] SEC("license") = "GPL";
