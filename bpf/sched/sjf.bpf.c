// SPDX-License-Identifier: GPL-2.0
/*
 * Shortest job first: whose work is done soonest, goes first.
 *
 * If all jobs are there at once, and one knows how long each takes, no order has them finished sooner
 * on average: to put a longer job before a shorter one makes the shorter one wait longer than the longer
 * one gains. With preempt=1 a job that comes later and needs less than what is left of the one that
 * runs takes its CPU at once: shortest remaining time first, which is best for jobs that come when
 * they like.
 *
 * But who knows how long a job will take? Not the kernel. Here the job says so itself, by its name: a
 * thread that is called "job-300ms" needs 300 ms of CPU (prctl(PR_SET_NAME) or pthread_setname_np(); the
 * name goes with it wherever it is seen). Nobody checks: who lies goes first. Batch machines asked their
 * users so, and ended the jobs that took longer.
 *
 * What is bad about it: while short jobs keep coming, the long one never runs.
 */
#include "policy.bpf.h"

enum { READY, NR_QUEUES };

KNOB(preempt, 0, 0, 1, "1: a job with less left to do takes the CPU at once");
KNOB(untold_ms, 0, 0, 1000000, "how long a job is taken to be that does not tell");

STAT(nr_told, "times that a job came which had told its length");
STAT(nr_untold, "times that one came which had not");

/* "job-300ms" -> 300; 0: it does not tell. */
static __u32 told_ms(const struct task_struct *p)
{
	char name[16];
	__u32 ms = 0;
	int i;

	bpf_probe_read_kernel_str(name, sizeof(name), p->comm);
	for (i = 0; i < sizeof(name) - 1; i++) {
		if (name[i] >= '0' && name[i] <= '9')
			ms = ms * 10 + (name[i] - '0');
		else if (ms && name[i] == 'm' && name[i + 1] == 's')
			return ms;
		else
			ms = 0;
	}
	return 0;
}

static __u64 left_ns(const struct task_struct *p)
{
	__u64 ran_ns = p->se.sum_exec_runtime, all_ns = (told_ms(p) ?: untold_ms) * 1000000;

	return all_ns > ran_ns ? all_ns - ran_ns : 0;
}

void POLICY_CALL(sjf_enqueue, struct task_struct *p, u64 enq_flags)
{
	__u64 left = left_ns(p);

	if (told_ms(p)) {
		__sync_fetch_and_add(&nr_told, 1);
		decide_by(p, READY, left, NO_END, enq_flags,
			  "it goes before all that have more left than its # ms", left / 1000000);
	} else {
		__sync_fetch_and_add(&nr_untold, 1);
		decide_by(p, READY, left, NO_END, enq_flags, "it has not said how long it takes");
	}
	if (preempt)
		preempt_above(p, scx_bpf_now() + left);
}

/* Who runs will have ended then; so what is left of each need not be counted down. */
void POLICY_CALL(sjf_running, struct task_struct *p)
{
	runs_with(scx_bpf_now() + left_ns(p));
}

void POLICY_CALL(sjf_stopping, struct task_struct *p, bool runnable)
{
	runs_with(0);
}

void POLICY_CALL(sjf_dispatch, s32 cpu, struct task_struct *prev)
{
	if (wants_more(prev) && left_ns(prev) <= first_key(READY, cpu))
		go_on(prev, NO_END, "nobody has less left");
	else
		scx_bpf_dsq_move_to_local(READY);
}

POLICY(sjf, "shortest job first: a job tells its length by its name, as job-300ms", NR_QUEUES,
       .enqueue = (void *)sjf_enqueue, .dispatch = (void *)sjf_dispatch,
       .running = (void *)sjf_running, .stopping = (void *)sjf_stopping);
