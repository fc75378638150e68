/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a policy is written with: see README.md beside this, and fifo.bpf.c, the shortest.
 *
 * A policy is three answers. Which queue does a task that has become able to run wait in (enqueue)?
 * Which task does a CPU that has nothing to do take next (dispatch)? And how long may it keep the CPU
 * (the slice)? All the rest is here, or the kernel's.
 *
 *   KNOB(name, value, least, most, "text")   what a person may set before it starts: --name=VALUE
 *   STAT(name, "text")                       what it counts while it is on
 *   decide(p, queue, slice_ns, enq_flags, "why"[, number])
 *                                            p waits in this queue, behind those that are there
 *   decide_by(p, queue, key, slice_ns, enq_flags, "why"[, number])
 *                                            ... before those of a greater key
 *   go_on(prev, slice_ns, "why"[, number])   it keeps its CPU, and gets a new slice
 *   tell(p, queue, slice_ns, "why"[, number]) something else was decided
 *   wants_more(prev)                         in dispatch: its slice is over, and it could go on
 *   first_key(queue, cpu)                    of who waits first there and may run on this CPU; NO_KEY: nobody
 *   may_run_on(p, cpu)                       what a task is chosen for by hand it must be allowed
 *   runs_with(key), preempt_above(p, key)    p takes the CPU of one who runs with a greater key
 *   PER_TASK(struct ...), mine(p)            what the policy remembers of each task
 *   POLICY(name, "text", nr_queues, .enqueue = ..., .dispatch = ..., ...)
 *
 * Each decision is carried out and written down in one go, so that what the trace says is what was
 * done. "why" goes on after "mlfq put it into queue 2 for 8 ms: "; a # in it becomes the number.
 *
 * Only tasks of policy SCHED_EXT are its own: the loader makes the target one, and what that forks
 * inherits it. All others stay with the fair class, and go first; unless it is loaded for all.
 */
#ifndef ONCPU_BPF_SCHED_POLICY_H
#define ONCPU_BPF_SCHED_POLICY_H

#include "ext.bpf.h"
#include "lib/ring.bpf.c" /* the rings that decisions are written to; a policy is one file */

#define MAX_CPUS 1024
#define CHOSEN	 ONCPU_DECISION_CHOSEN	/* as a queue that is told of: out of it, onto a CPU */
#define NOWHERE	 ONCPU_DECISION_NOWHERE /* in none, and so forgotten */
#define NO_END	 SCX_SLICE_INF		/* as a slice: until it sleeps */

/* For scx_bpf_dsq_move() within bpf_for_each(scx_dsq, ...), as the kernel's own examples call it. */
#define BPF_FOR_EACH_ITER (&___it)

/* User space finds these by their tags, in the object's BTF (user/sched/declared.c). */
#define DECLARED(text) __attribute__((btf_decl_tag(text)))
#define KNOB(name, value, least, most, text) \
	const volatile __u64 name DECLARED("knob:" #least ":" #most ":" text) = value
#define STAT(name, text) __u64 name DECLARED("stat:" text)

/*
 * Why: a text that stands in a section of its own. A decision carries how far from that section's
 * beginning it does.
 */
static const char first_why[] SEC(".rodata.why") = "";
#define WHY(text)                                                   \
	({                                                          \
		static const char why_[] SEC(".rodata.why") = text; \
		(__u16)((long)why_ - (long)first_why);              \
	})
#define FIRST(first, ...) (first)
#define NUMBER(...)	  FIRST(__VA_ARGS__ __VA_OPT__(, ) 0)

#define decide(p, queue, slice_ns, enq_flags, why, ...) \
	wait_last(p, queue, slice_ns, enq_flags, WHY(why), NUMBER(__VA_ARGS__))
#define decide_by(p, queue, key, slice_ns, enq_flags, why, ...) \
	wait_by_key(p, queue, key, slice_ns, enq_flags, WHY(why), NUMBER(__VA_ARGS__))
#define go_on(prev, slice_ns, why, ...) stay(prev, slice_ns, WHY(why), NUMBER(__VA_ARGS__))
#define tell(p, queue, slice_ns, why, ...) \
	write_down(p, queue, slice_ns, WHY(why), NUMBER(__VA_ARGS__))

static __always_inline void write_down(const struct task_struct *p, __u64 queue, __u64 slice_ns,
				       __u16 why, __u32 number)
{
	__u64 slice_us = slice_ns / 1000;
	struct oncpu_record r = { .tid = bpf_get_current_task_btf()->pid, .type = ONCPU_DECISION };

	r.decision.tid = p->pid;
	r.decision.queue = queue;
	r.decision.why = why;
	r.decision.slice_us = slice_us < ONCPU_DECISION_NO_END ? slice_us : ONCPU_DECISION_NO_END;
	r.decision.number = number;
	ring_write(&r);
}

/* A CPU that idles looks into the queues only when it is woken. */
static __always_inline void wake_idle_cpu(const struct task_struct *p)
{
	s32 cpu = scx_bpf_pick_idle_cpu(p->cpus_ptr, 0);

	if (cpu >= 0)
		scx_bpf_kick_cpu(cpu, SCX_KICK_IDLE);
}

static __always_inline void wait_last(struct task_struct *p, __u64 queue, __u64 slice_ns,
				      __u64 enq_flags, __u16 why, __u32 number)
{
	write_down(p, queue, slice_ns, why, number);
	scx_bpf_dsq_insert(p, queue, slice_ns, enq_flags);
	wake_idle_cpu(p);
}

static __always_inline void wait_by_key(struct task_struct *p, __u64 queue, __u64 key,
					__u64 slice_ns, __u64 enq_flags, __u16 why, __u32 number)
{
	write_down(p, queue, slice_ns, why, number);
	scx_bpf_dsq_insert_vtime(p, queue, slice_ns, key, enq_flags);
	wake_idle_cpu(p);
}

/* In dispatch: its slice is over, but it could go on. It is in no queue yet. */
static __always_inline bool wants_more(const struct task_struct *prev)
{
	return prev && prev->scx.flags & SCX_TASK_QUEUED;
}

static __always_inline bool may_run_on(const struct task_struct *p, s32 cpu)
{
	return bpf_cpumask_test_cpu(cpu, p->cpus_ptr);
}

#define NO_KEY (~0ull)

static __always_inline __u64 first_key(__u64 queue, s32 cpu)
{
	struct task_struct *p;
	__u64 key = NO_KEY;

	bpf_for_each(scx_dsq, p, queue, 0) {
		if (!may_run_on(p, cpu))
			continue;
		key = p->scx.dsq_vtime;
		break;
	}
	return key;
}

/* Older kernels have no call for these two. */
static __always_inline void set_slice(struct task_struct *p, __u64 slice_ns)
{
	if (bpf_ksym_exists(scx_bpf_task_set_slice))
		scx_bpf_task_set_slice(p, slice_ns);
	else
		p->scx.slice = slice_ns;
}

static __always_inline void set_key(struct task_struct *p, __u64 key)
{
	if (bpf_ksym_exists(scx_bpf_task_set_dsq_vtime))
		scx_bpf_task_set_dsq_vtime(p, key);
	else
		p->scx.dsq_vtime = key;
}

static __always_inline void stay(struct task_struct *prev, __u64 slice_ns, __u16 why, __u32 number)
{
	if (!wants_more(prev))
		return;
	write_down(prev, ONCPU_DECISION_STAY, slice_ns, why, number);
	set_slice(prev, slice_ns);
}

/* Where it wakes: a CPU that idles, best the one it was on. Which task that takes is dispatch's. */
s32 POLICY_CALL(policy_select_cpu, struct task_struct *p, s32 prev_cpu, u64 wake_flags)
{
	bool idle;

	return scx_bpf_select_cpu_dfl(p, prev_cpu, wake_flags, &idle);
}

/* What runs on each CPU has this key; 0: nothing that may be preempted. */
static __u64 running_key[MAX_CPUS];

static __always_inline void runs_with(__u64 key)
{
	running_key[bpf_get_smp_processor_id() % MAX_CPUS] = key;
}

/* Of the CPUs that p may use, the one whose task has the greatest key. Known race: it may be gone by then. */
static __always_inline void preempt_above(const struct task_struct *p, __u64 key)
{
	__u32 nr_cpus = scx_bpf_nr_cpu_ids(), cpu;
	__u64 greatest = key;
	s32 victim = -1;

	bpf_for(cpu, 0, nr_cpus) {
		if (running_key[cpu % MAX_CPUS] <= greatest || !may_run_on(p, cpu))
			continue;
		greatest = running_key[cpu % MAX_CPUS];
		victim = cpu;
	}
	if (victim >= 0)
		scx_bpf_kick_cpu(victim, SCX_KICK_PREEMPT);
}

#define PER_TASK(what)                                                                           \
	struct {                                                                                 \
		__uint(type, BPF_MAP_TYPE_TASK_STORAGE);                                         \
		__uint(map_flags, BPF_F_NO_PREALLOC);                                            \
		__type(key, int);                                                                \
		__type(value, what);                                                             \
	} per_task SEC(".maps");                                                                 \
	static __always_inline what *mine(struct task_struct *p)                                 \
	{                                                                                        \
		return bpf_task_storage_get(&per_task, p, NULL, BPF_LOCAL_STORAGE_GET_F_CREATE); \
	}

extern const volatile __u32 nr_queues;

s32 POLICY_SETUP(policy_init)
{
	int err = 0;
	__u32 i;

	bpf_for(i, 0, nr_queues) {
		err = scx_bpf_create_dsq(i, -1);
		if (err)
			break;
	}
	return err;
}

#define POLICY(ident, text, queues, ...)                                     \
	const volatile __u32 nr_queues = queues;                             \
	SEC(".struct_ops.link")                                              \
	struct sched_ext_ops ident##_ops DECLARED(                           \
		"policy:" text) = { .name = "oncpu_" #ident,                 \
				    .flags = SCX_OPS_SWITCH_PARTIAL,         \
				    .select_cpu = (void *)policy_select_cpu, \
				    .init = (void *)policy_init,             \
				    .exit = (void *)policy_exit,             \
				    __VA_ARGS__ }

#endif
