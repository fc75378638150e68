// SPDX-License-Identifier: GPL-2.0
/*
 * A bad scheduler, on purpose: the last to come is the first to go.
 *
 * One word is different from round robin: a task goes to the head of the queue, not to its end. So two
 * have the CPU between them, the newest and who ran when it came, and whoever is at the bottom waits until
 * all above it have ended. In a busy system that is never. A stack of plates is used like that, and the
 * lowest plate is never washed.
 *
 * With forget=N it is worse: each Nth task that comes is put into no queue at all. It could run, and no
 * CPU will ever find it. This is the commonest mistake in a scheduler, and the kernel knows it: it looks
 * round now and then, and where a task has waited too long it throws the policy out, takes all tasks
 * back, and schedules them fairly. So a mistake here costs seconds, and not the machine.
 */
#include "policy.bpf.h"

enum { READY, NR_QUEUES };

KNOB(slice_us, 5000, 100, 1000000, "how long a task keeps its CPU while others wait");
KNOB(forget, 0, 0, 1000000, "each so many-th task that comes is forgotten; 0: none is");

STAT(nr_come, "tasks that came");
STAT(nr_forgotten, "... and were forgotten");

void POLICY_CALL(bad_enqueue, struct task_struct *p, u64 enq_flags)
{
	__u64 n = __sync_fetch_and_add(&nr_come, 1) + 1;

	if (forget && n % forget == 0) {
		__sync_fetch_and_add(&nr_forgotten, 1);
		tell(p, NOWHERE, 0, "it is the one in # that is forgotten", forget);
		return;
	}
	decide(p, READY, slice_us * 1000, enq_flags | SCX_ENQ_HEAD,
	       "the last to come is the first to go");
}

void POLICY_CALL(bad_dispatch, s32 cpu, struct task_struct *prev)
{
	if (!scx_bpf_dsq_move_to_local(READY))
		go_on(prev, slice_us * 1000, "nobody else waits");
}

POLICY(bad, "a bad one, on purpose: the last to come is the first to go", NR_QUEUES,
       .enqueue = (void *)bad_enqueue, .dispatch = (void *)bad_dispatch, .timeout_ms = 3000);
