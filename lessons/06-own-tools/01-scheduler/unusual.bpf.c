// SPDX-License-Identifier: GPL-2.0
/*
 * Fair without a queue in order: turns as in round robin, but each turn is as long as what it is owed.
 * Who gives up his CPU early gets the rest on top of the next slice (deficit round robin).
 */
#include "scheduler.h"

#define MOST_NS (4 * SLICE_NS) /* of what is owed: for who was away, too */

void POLICY_CALL(enqueue, struct task_struct *p, u64 enq_flags)
{
	__u64 owed_ns = p->scx.dsq_vtime;

	/* For one that slept nothing is kept. */
	if (enq_flags & SCX_ENQ_WAKEUP)
		owed_ns = 0;
	owed_ns += SLICE_NS;
	if (owed_ns > MOST_NS)
		owed_ns = MOST_NS;
	p->scx.dsq_vtime = owed_ns;
	decide(p, READY, owed_ns, enq_flags, "its turn, with what is left of earlier ones");
}

void POLICY_CALL(dispatch, s32 cpu, struct task_struct *prev)
{
	if (!scx_bpf_dsq_move_to_local(READY))
		go_on(prev, SLICE_NS, "nobody else waits");
}

void POLICY_CALL(stopping, struct task_struct *p, bool runnable)
{
	__u64 ran = ran_ns();

	p->scx.dsq_vtime = p->scx.dsq_vtime > ran ? p->scx.dsq_vtime - ran : 0;
}

SCHEDULER(enqueue, dispatch, stopping);

char _license[] SEC("license") = "GPL";
