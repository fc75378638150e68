// SPDX-License-Identifier: GPL-2.0
/*
 * Fair shares by virtual time: whoever has had least, for its weight, runs next.
 *
 * Each task has a clock that goes while it runs, slower the more weight it has (100 at nice 0, a quarter
 * more for each step that it is less nice). A CPU takes the task whose clock is behind. So all clocks
 * stay close together, and that is: each gets CPU time in proportion to its weight, not by chance as in
 * the lottery, but always, within a slice. What Linux did from 2007 to 2023 (CFS), and in its essence does.
 *
 * Who slept has a clock that stands far behind. Without a limit, it would run for as long as it slept;
 * so nobody may be more than a slice behind the clock of who runs: it goes first, but not for long.
 */
#include "policy.bpf.h"

enum { READY, NR_QUEUES };

KNOB(slice_us, 3000, 100, 1000000, "how far one may get ahead of the others in a turn");

STAT(nr_turns, "turns taken");
STAT(nr_late, "... by one who had slept and was lifted to the others' time");

static __u64 now_v;		 /* how far those have come who run */
static __u64 since_ns[MAX_CPUS]; /* until when the time of who runs there was counted */

static bool before(__u64 a, __u64 b)
{
	return (__s64)(a - b) < 0;
}

/* His clock as it is now; since a CPU's turn began it was not set. */
static __u64 clock_of(const struct task_struct *p, __u32 cpu)
{
	__u64 ran_ns = scx_bpf_now() - since_ns[cpu % MAX_CPUS];

	return p->scx.dsq_vtime + ran_ns * 100 / (p->scx.weight ?: 1);
}

void POLICY_CALL(fair_enqueue, struct task_struct *p, u64 enq_flags)
{
	__u64 least = now_v - slice_us * 1000, v = p->scx.dsq_vtime;

	if (before(v, least)) {
		__sync_fetch_and_add(&nr_late, 1);
		decide_by(p, READY, least, slice_us * 1000, enq_flags,
			  "it has slept, and goes first for a slice");
	} else if (before(v, now_v)) {
		decide_by(p, READY, v, slice_us * 1000, enq_flags,
			  "it is # us behind who runs, and goes before those that are ahead",
			  (now_v - v) / 1000);
	} else {
		decide_by(p, READY, v, slice_us * 1000, enq_flags,
			  "it is # us ahead, and lets those pass that are behind",
			  (v - now_v) / 1000);
	}
}

void POLICY_CALL(fair_running, struct task_struct *p)
{
	since_ns[bpf_get_smp_processor_id() % MAX_CPUS] = scx_bpf_now();
	if (before(now_v, p->scx.dsq_vtime))
		now_v = p->scx.dsq_vtime;
	__sync_fetch_and_add(&nr_turns, 1);
}

void POLICY_CALL(fair_stopping, struct task_struct *p, bool runnable)
{
	set_key(p, clock_of(p, bpf_get_smp_processor_id()));
}

void POLICY_CALL(fair_dispatch, s32 cpu, struct task_struct *prev)
{
	__u64 first = first_key(READY, cpu);

	if (wants_more(prev) && (first == NO_KEY || before(clock_of(prev, cpu), first)))
		go_on(prev, slice_us * 1000, "it is still behind all others");
	else
		scx_bpf_dsq_move_to_local(READY);
}

/* A new task begins where the others are. */
void POLICY_CALL(fair_enable, struct task_struct *p)
{
	set_key(p, now_v);
}

POLICY(fair, "virtual time: whoever has had least, for its weight, is next", NR_QUEUES,
       .enqueue = (void *)fair_enqueue, .dispatch = (void *)fair_dispatch,
       .running = (void *)fair_running, .stopping = (void *)fair_stopping,
       .enable = (void *)fair_enable);
