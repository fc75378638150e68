// SPDX-License-Identifier: GPL-2.0
// accepted: what a task has had is what the kernel has added up anyway
#include "scheduler.h"

static __u64 now_at;

/* dsq_vtime: how much of its sum counts no more, as it was away meanwhile */
void POLICY_CALL(enqueue, struct task_struct *p, u64 enq_flags)
{
	__u64 had_ns = p->se.sum_exec_runtime + p->scx.dsq_vtime;

	if (had_ns + SLICE_NS < now_at) {
		p->scx.dsq_vtime += now_at - SLICE_NS - had_ns;
		had_ns = now_at - SLICE_NS;
	}
	decide_by(p, READY, had_ns, SLICE_NS, enq_flags, "its sum");
}

void POLICY_CALL(dispatch, s32 cpu, struct task_struct *prev)
{
	if (scx_bpf_dsq_move_to_local(READY))
		return;
	go_on(prev, SLICE_NS, "nobody else waits");
}

void POLICY_CALL(stopping, struct task_struct *p, bool runnable)
{
	__u64 had_ns = p->se.sum_exec_runtime + p->scx.dsq_vtime;

	if (had_ns > now_at)
		now_at = had_ns;
}

SCHEDULER(enqueue, dispatch, stopping);

char _license[] SEC("license") = "GPL";
