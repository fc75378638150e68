// SPDX-License-Identifier: GPL-2.0
/*
 * First in, first out: who comes first runs first, for as long as it likes.
 *
 * The oldest policy and the shortest, for it decides nothing. There is one queue. A task that becomes
 * able to run goes to its end; a CPU that is free takes the first; and nobody is ever taken off its
 * CPU: a task leaves it only to sleep, or because it has ended.
 *
 * What is good about it: nothing is lost to switching, and whoever waits knows who is before it.
 * What is bad: a short job behind a long one waits for all of that (the convoy), and a task that never
 * sleeps is never interrupted. The kernel itself ends that after half a minute in which some task got
 * no CPU: it throws the policy out.
 */
#include "policy.bpf.h"

enum { READY, NR_QUEUES };

STAT(nr_come, "tasks that came to the queue");

void POLICY_CALL(fifo_enqueue, struct task_struct *p, u64 enq_flags)
{
	__sync_fetch_and_add(&nr_come, 1);
	decide(p, READY, NO_END, enq_flags, "it goes behind all who came before");
}

void POLICY_CALL(fifo_dispatch, s32 cpu, struct task_struct *prev)
{
	scx_bpf_dsq_move_to_local(READY);
}

POLICY(fifo, "first in, first out: nobody is taken off its CPU", NR_QUEUES,
       .enqueue = (void *)fifo_enqueue, .dispatch = (void *)fifo_dispatch);
