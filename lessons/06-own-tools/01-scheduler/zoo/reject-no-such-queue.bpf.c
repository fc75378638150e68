// SPDX-License-Identifier: GPL-2.0
// rejected by hang: "there is no queue of that number"
#include "scheduler.h"

static __u64
	now_at; /* what the one that runs had, when it was taken: nobody waits with much less */

void POLICY_CALL(enqueue, struct task_struct *p, u64 enq_flags)
{
	if (p->scx.dsq_vtime + SLICE_NS < now_at)
		p->scx.dsq_vtime = now_at - SLICE_NS;
	decide_by(p, 7, p->scx.dsq_vtime, SLICE_NS, enq_flags, "it had # ms until now",
		  p->scx.dsq_vtime / 1000000);
}

void POLICY_CALL(dispatch, s32 cpu, struct task_struct *prev)
{
	if (wants_more(prev) && prev->scx.dsq_vtime + ran_ns() <= first_number(READY))
		go_on(prev, SLICE_NS, "nobody who waits had less");
	else
		scx_bpf_dsq_move_to_local(READY);
}

void POLICY_CALL(stopping, struct task_struct *p, bool runnable)
{
	if (p->scx.dsq_vtime > now_at)
		now_at = p->scx.dsq_vtime;
	p->scx.dsq_vtime += ran_ns();
}

SCHEDULER(enqueue, dispatch, stopping);

char _license[] SEC("license") = "GPL";
