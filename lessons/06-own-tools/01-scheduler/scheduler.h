/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Given: what a scheduler of yours begins with. decide(), decide_by(), go_on() and wants_more() are told
 * in bpf/sched/policy.bpf.h; beside it stand schedulers that are there to be read.
 */
#ifndef SCHEDULER_H
#define SCHEDULER_H

#include "sched/policy.bpf.h"

enum { READY, NR_QUEUES }; /* one queue, for all CPUs */

#define SLICE_NS 5000000

static __u64 started_ns[MAX_CPUS];

void POLICY_CALL(given_running, struct task_struct *p)
{
	started_ns[bpf_get_smp_processor_id() % MAX_CPUS] = bpf_ktime_get_ns();
}

/* In `dispatch` and `stopping`: how long the one that was on this CPU has been there, this time. */
static inline __u64 ran_ns(void)
{
	return bpf_ktime_get_ns() - started_ns[bpf_get_smp_processor_id() % MAX_CPUS];
}

#define NOBODY (~0ull)

/* The number with which the first of a queue came there by decide_by(); NOBODY: it is empty. */
static inline __u64 first_number(__u64 queue)
{
	__u64 number = NOBODY;
	struct task_struct *p;

	bpf_for_each(scx_dsq, p, queue, 0) {
		number = p->scx.dsq_vtime;
		break;
	}
	return number;
}

#define SCHEDULER(enqueue_, dispatch_, stopping_)                                             \
	POLICY(scheduler, "a scheduler of one's own", NR_QUEUES, .enqueue = (void *)enqueue_, \
	       .dispatch = (void *)dispatch_, .stopping = (void *)stopping_,                  \
	       .running = (void *)given_running)

#endif
