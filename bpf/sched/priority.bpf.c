// SPDX-License-Identifier: GPL-2.0
/*
 * Strict priority: whoever is least nice runs, and takes the CPU from anybody who is nicer.
 *
 * The queue is sorted by nice, and a CPU always takes the first. Equals take turns. A task that wakes
 * and is better than one that runs need not wait: that one is taken off its CPU at once.
 *
 * What is good about it: what is urgent is done at once. What is bad: what is not urgent may never be
 * done. One task that never sleeps starves all that are nicer, until the kernel steps in.
 *
 * Ageing mends that: to wait makes urgent. Each ageing_ms of waiting count as one step of nice. One need not
 * go round and raise everybody for that: as all who wait grow older alike, it is enough to note when
 * each began to, and the order among them stays as it was.
 */
#include "policy.bpf.h"

enum { READY, NR_QUEUES };

KNOB(slice_us, 5000, 100, 1000000, "how long equals keep the CPU from each other");
KNOB(ageing_ms, 0, 0, 10000, "waiting so long counts as one step of nice; 0: it does not");

STAT(nr_taken_off, "tasks that lost their CPU and could have gone on");
STAT(nr_kept, "times that one went on, as the best");

/* The less, the sooner. static_prio is 100 for nice -20, 120 for 0, 139 for 19. */
static __u64 key_of(const struct task_struct *p)
{
	__u64 prio = p->static_prio;

	return ageing_ms ? scx_bpf_now() / 1000000 + prio * ageing_ms : prio;
}

void POLICY_CALL(priority_enqueue, struct task_struct *p, u64 enq_flags)
{
	__u64 key = key_of(p);

	if (ageing_ms)
		decide_by(p, READY, key, slice_us * 1000, enq_flags,
			  "it waits at priority #, and ages", p->static_prio);
	else
		decide_by(p, READY, key, slice_us * 1000, enq_flags,
			  "it waits at priority #, before all that are greater", p->static_prio);
	preempt_above(p, key);
}

void POLICY_CALL(priority_running, struct task_struct *p)
{
	runs_with(key_of(p));
}

void POLICY_CALL(priority_stopping, struct task_struct *p, bool runnable)
{
	runs_with(0);
	__sync_fetch_and_add(&nr_taken_off, runnable);
}

void POLICY_CALL(priority_dispatch, s32 cpu, struct task_struct *prev)
{
	if (wants_more(prev) && key_of(prev) < first_key(READY, cpu)) {
		__sync_fetch_and_add(&nr_kept, 1);
		go_on(prev, slice_us * 1000, "nobody better waits");
		return;
	}
	scx_bpf_dsq_move_to_local(READY);
}

POLICY(priority, "strict priority by nice, with or without ageing", NR_QUEUES,
       .enqueue = (void *)priority_enqueue, .dispatch = (void *)priority_dispatch,
       .running = (void *)priority_running, .stopping = (void *)priority_stopping);
