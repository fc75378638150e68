// SPDX-License-Identifier: GPL-2.0
/*
 * A multi-level feedback queue: what a task did so far tells what it will do.
 *
 * Shortest job first without being told. There are three queues; a CPU takes from the highest that is
 * not empty, and who wakes there takes the CPU from those below. A task begins at the top, with a
 * short slice. If it uses that up it was not so short after all: it sinks a level, where the slice is
 * twice as long. If it sleeps before that, it stays. So who waits for a person or a disk is
 * answered at once, and who computes gets the rest, in long turns.
 *
 * Two holes, and how they are closed. To sleep just before the slice ends would keep one at the top: so
 * slices add up, however often one sleeps in between. And those at the bottom could starve, or have changed
 * their ways: so every boost_ms all begin anew at the top. (F. Corbato, 1962; the rules are those of
 * "Operating Systems: Three Easy Pieces".)
 */
#include "policy.bpf.h"

enum { TOP, NR_LEVELS = 3 };

KNOB(slice_us, 4000, 100, 1000000, "the slice at the top; each level below has twice that");
KNOB(boost_ms, 1000, 10, 100000, "how often all begin anew at the top");

STAT(nr_sunk, "slices used up, and a level sunk");
STAT(nr_stayed, "wake-ups of tasks that keep their level");
STAT(nr_boosts, "times that all began anew");

struct history {
	__u32 level;
	bool used_up;  /* its slice, just now */
	__u64 used_ns; /* at this level */
	__u64 era;     /* of boosts, in which all that was */
};
PER_TASK(struct history);

static __u64 era, next_boost_ns, since_ns[MAX_CPUS];

static __u64 left_ns(const struct history *h)
{
	return (slice_us * 1000 << h->level) - h->used_ns;
}

static void forget_if_boosted(struct history *h)
{
	if (h->era != era)
		*h = (struct history){ .era = era };
}

/* It ran until now: does that sink it? As the kernel counts a little otherwise, nearly all is all. */
static void charge(struct history *h, __u32 cpu)
{
	__u64 now = scx_bpf_now(), *since = &since_ns[cpu % MAX_CPUS], ran_ns = now - *since;

	*since = now;
	forget_if_boosted(h);
	if (ran_ns + slice_us * 1000 / 16 < left_ns(h)) {
		h->used_ns += ran_ns;
		return;
	}
	h->used_up = true;
	h->used_ns = 0;
	if (h->level < NR_LEVELS - 1) {
		h->level++;
		__sync_fetch_and_add(&nr_sunk, 1);
	}
}

void POLICY_CALL(mlfq_enqueue, struct task_struct *p, u64 enq_flags)
{
	struct history *h = mine(p);

	if (!h) {
		decide(p, TOP, slice_us * 1000, enq_flags, "there is no memory to remember it by");
		return;
	}
	forget_if_boosted(h);
	if (enq_flags & SCX_ENQ_WAKEUP) {
		__sync_fetch_and_add(&nr_stayed, 1);
		decide(p, h->level, left_ns(h), enq_flags, "it slept before its slice was over");
	} else if (h->used_up) {
		decide(p, h->level, left_ns(h), enq_flags, "it used up its slice");
	} else if (h->used_ns) {
		decide(p, h->level, left_ns(h), enq_flags, "it was interrupted, and has this left");
	} else {
		decide(p, h->level, left_ns(h), enq_flags, "it is new");
	}
	h->used_up = false;
	preempt_above(p, h->level + 1);
}

void POLICY_CALL(mlfq_running, struct task_struct *p)
{
	struct history *h = mine(p);

	since_ns[bpf_get_smp_processor_id() % MAX_CPUS] = scx_bpf_now();
	runs_with(h ? h->level + 1 : 0);
}

void POLICY_CALL(mlfq_stopping, struct task_struct *p, bool runnable)
{
	struct history *h = mine(p);

	runs_with(0);
	if (h)
		charge(h, bpf_get_smp_processor_id());
}

static void boost_if_due(void)
{
	__u64 now = scx_bpf_now();
	struct task_struct *p;
	__u32 level;

	if (now < next_boost_ns)
		return;
	next_boost_ns = now + boost_ms * 1000000;
	era++;
	__sync_fetch_and_add(&nr_boosts, 1);
	bpf_for(level, TOP + 1, NR_LEVELS) {
		bpf_for_each(scx_dsq, p, level, 0) {
			tell(p, TOP, slice_us * 1000, "all begin anew");
			scx_bpf_dsq_move_set_slice(BPF_FOR_EACH_ITER, slice_us * 1000);
			scx_bpf_dsq_move(BPF_FOR_EACH_ITER, p, TOP, 0);
		}
	}
}

/* Who had the CPU until now, and wants more, stands at the end of its level. */
void POLICY_CALL(mlfq_dispatch, s32 cpu, struct task_struct *prev)
{
	struct history *h = wants_more(prev) ? mine(prev) : NULL;
	__u32 level;

	if (h)
		charge(h, cpu);
	boost_if_due();
	bpf_for(level, TOP, NR_LEVELS) {
		if (h && h->level < level)
			break;
		if (scx_bpf_dsq_move_to_local(level))
			return;
	}
	if (!h)
		return;
	h->used_up = false;
	go_on(prev, left_ns(h), "nobody else waits at its level or above");
}

POLICY(mlfq, "a multi-level feedback queue: who computes sinks, who waits stays on top", NR_LEVELS,
       .enqueue = (void *)mlfq_enqueue, .dispatch = (void *)mlfq_dispatch,
       .running = (void *)mlfq_running, .stopping = (void *)mlfq_stopping);
