// SPDX-License-Identifier: GPL-2.0
/*
 * The lottery: whenever a CPU is free, a ticket is drawn, and whoever holds it runs for a slice.
 *
 * A task has as many tickets as it has weight: 100 at nice 0, and a quarter more for each step that it
 * is less nice. Who holds half of all tickets gets half of the CPU: not in each turn, but in the long
 * run, without anybody counting what anybody got. After n draws a share of p is off by about
 * sqrt(p * (1 - p) / n): 5 in 100 after a hundred draws, less than 2 in 100 after a thousand.
 *
 * What is good about it: shares of any size in a few lines, nobody starves who holds a ticket, and
 * newcomers need no history. What is bad: it is fair only in the long run. (C. Waldspurger, W. Weihl:
 * "Lottery Scheduling", OSDI 1994.)
 */
#include "policy.bpf.h"

enum { READY, NR_QUEUES };

KNOB(slice_us, 5000, 100, 1000000, "how long a drawn ticket lasts");
KNOB(seed, 1, 0, 1000000000, "another seed, another sequence of tickets");

STAT(nr_draws, "tickets drawn");

/* 0 .. below - 1 */
static __u64 draw(__u64 below)
{
	return mix(mix(seed) + __sync_fetch_and_add(&nr_draws, 1)) % below;
}

static __u64 tickets(const struct task_struct *p)
{
	return p->scx.weight;
}

void POLICY_CALL(lottery_enqueue, struct task_struct *p, u64 enq_flags)
{
	decide(p, READY, slice_us * 1000, enq_flags, "it waits with # tickets", tickets(p));
}

/* Whoever had the CPU until now takes part, if it wants more, but is in no queue yet. */
void POLICY_CALL(lottery_dispatch, s32 cpu, struct task_struct *prev)
{
	__u64 all = 0, ticket;
	struct task_struct *p;

	if (wants_more(prev))
		all = tickets(prev);
	bpf_for_each(scx_dsq, p, READY, 0)
		all += may_run_on(p, cpu) ? tickets(p) : 0;
	ticket = draw(all);
	if (wants_more(prev)) {
		if (ticket < tickets(prev)) {
			go_on(prev, slice_us * 1000, "one of its own of # tickets was drawn", all);
			return;
		}
		ticket -= tickets(prev);
	}
	bpf_for_each(scx_dsq, p, READY, 0) {
		if (!may_run_on(p, cpu))
			continue;
		if (ticket < tickets(p)) {
			tell(p, CHOSEN, slice_us * 1000, "one of its own of # tickets was drawn",
			     all);
			scx_bpf_dsq_move(BPF_FOR_EACH_ITER, p, SCX_DSQ_LOCAL, 0);
			return;
		}
		ticket -= tickets(p);
	}
	scx_bpf_dsq_move_to_local(READY); /* another CPU took the winner meanwhile */
}

POLICY(lottery, "the lottery: a share of the CPU is a share of the tickets", NR_QUEUES,
       .enqueue = (void *)lottery_enqueue, .dispatch = (void *)lottery_dispatch);
