// SPDX-License-Identifier: GPL-2.0
/*
 * Round robin: everybody in turn, for a slice.
 *
 * FIFO with a limit. Whoever has used up its slice is taken off its CPU and goes to the end of the
 * queue, so with N tasks and a slice of S nobody waits longer than (N - 1) * S for its turn. That is
 * what makes a machine answer: a short job need not wait until the long ones are through.
 *
 * The slice is the whole of it. A short one answers sooner and switches more often, and each switch
 * costs something; a very long one is FIFO again. And jobs of equal length all end late, at about the
 * same time: in turn is fair, but no way to have something finished.
 */
#include "policy.bpf.h"

enum { READY, NR_QUEUES };

KNOB(slice_us, 5000, 100, 1000000, "how long a task keeps its CPU while others wait");

STAT(nr_come, "tasks that woke, or are new");
STAT(nr_used_up, "slices used up while others waited");

void POLICY_CALL(rr_enqueue, struct task_struct *p, u64 enq_flags)
{
	if (enq_flags & SCX_ENQ_WAKEUP || p->scx.slice) {
		__sync_fetch_and_add(&nr_come, 1);
		decide(p, READY, slice_us * 1000, enq_flags, "it has come, and goes to the end");
	} else {
		__sync_fetch_and_add(&nr_used_up, 1);
		decide(p, READY, slice_us * 1000, enq_flags, "it has had its turn");
	}
}

void POLICY_CALL(rr_dispatch, s32 cpu, struct task_struct *prev)
{
	if (!scx_bpf_dsq_move_to_local(READY))
		go_on(prev, slice_us * 1000, "nobody else waits");
}

POLICY(rr, "round robin: everybody in turn, for a slice", NR_QUEUES, .enqueue = (void *)rr_enqueue,
       .dispatch = (void *)rr_dispatch);
