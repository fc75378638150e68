/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Is this event to be recorded? The rule is <oncpu/filter.h>'s. Every probe asks before it writes.
 *
 * All that user space chose is read-only data: the verifier knows the values and leaves out the code
 * of what was not chosen.
 */
#ifndef ONCPU_BPF_LIB_FILTER_H
#define ONCPU_BPF_LIB_FILTER_H

#include "probe.bpf.h"

#include <oncpu/filter.h>

#define FILTER_KINDS  (ONCPU_FILTER_TASKS | ONCPU_FILTER_COMM | ONCPU_FILTER_CGROUP)
#define FILTER_CPUS   8192 /* as many as a trace file can have */
#define CGROUP_LEVELS 64

extern const volatile struct oncpu_filter filter;
extern const volatile __u64 types; /* bit (1 << type) */
extern const volatile bool on_all_cpus;
extern const volatile __u64 on_cpus[FILTER_CPUS / 64];
extern __u64 wanted_tids[ONCPU_MAX_TID / 64];

static __always_inline bool on_wanted_cpu(void)
{
	__u32 cpu;

	if (on_all_cpus)
		return true;
	cpu = bpf_get_smp_processor_id();
	return cpu < FILTER_CPUS && on_cpus[cpu / 64] >> cpu % 64 & 1;
}

static __always_inline bool is_recorder(struct task_struct *p)
{
	return !(filter.flags & ONCPU_FILTER_SELF) && p->tgid == (pid_t)filter.self_tgid;
}

static __always_inline __u64 *tid_word(__u32 tid)
{
	return &wanted_tids[tid / 64 % (ONCPU_MAX_TID / 64)];
}

static __always_inline bool tid_is_wanted(__u32 tid)
{
	return *(volatile __u64 *)tid_word(tid) >> tid % 64 & 1;
}

static __always_inline bool comm_is_wanted(const char *comm)
{
	return !bpf_strncmp(comm, ONCPU_COMM_LEN, (const char *)filter.comm);
}

static __always_inline bool is_called_so(struct task_struct *p)
{
	char comm[ONCPU_COMM_LEN];

	return !bpf_probe_read_kernel(comm, sizeof(comm), p->comm) && comm_is_wanted(comm);
}

static __always_inline bool is_in_cgroup(struct task_struct *p)
{
	struct cgroup *own = BPF_CORE_READ(p, cgroups, dfl_cgrp), *at = NULL;
	int level = BPF_CORE_READ(own, level), i;

	for (i = 0; i < CGROUP_LEVELS && i <= level; i++) {
		bpf_probe_read_kernel(&at, sizeof(at),
				      (void *)own + bpf_core_field_offset(own->ancestors) +
					      i * sizeof(at));
		if (BPF_CORE_READ(at, kn, id) == filter.cgroup)
			return true;
	}
	return false;
}

static __always_inline bool is_wanted(struct task_struct *p)
{
	if (!p->pid || is_recorder(p))
		return false;
	if (!(filter.flags & FILTER_KINDS))
		return true;
	return (filter.flags & ONCPU_FILTER_TASKS && tid_is_wanted(p->pid)) ||
	       (filter.flags & ONCPU_FILTER_COMM && is_called_so(p)) ||
	       (filter.flags & ONCPU_FILTER_CGROUP && is_in_cgroup(p));
}

/* A record about a CPU. */
static __always_inline bool keep_cpu(void)
{
	return on_wanted_cpu();
}

/* A record about one task. Where no task is chosen, idle (an interrupt above it) counts, too. */
static __always_inline bool keep_task(struct task_struct *p)
{
	return on_wanted_cpu() && (filter.flags & FILTER_KINDS ? is_wanted(p) : !is_recorder(p));
}

static __always_inline bool keep_current(void)
{
	return keep_task(bpf_get_current_task_btf());
}

/* A record about what one task, or an interrupt above it, does with another one. */
static __always_inline bool keep_tasks(struct task_struct *subject, struct task_struct *other)
{
	return on_wanted_cpu() && (is_wanted(subject) || is_wanted(other));
}

static __always_inline bool keep_switch(struct task_struct *prev, struct task_struct *next)
{
	if (!(filter.flags & ONCPU_FILTER_SWITCHES))
		return keep_tasks(prev, next);
	return on_wanted_cpu() &&
	       ((prev->pid && !is_recorder(prev)) || (next->pid && !is_recorder(next)));
}

/* A tid is taken again some day: the new task gets its parent's bit, be it set or not. */
static __always_inline void inherit_bit(struct task_struct *parent, struct task_struct *child)
{
	__u32 tid = child->pid;
	__u64 bit = 1ULL << tid % 64;

	if (!(filter.flags & ONCPU_FILTER_TASKS))
		return;
	if (filter.flags & ONCPU_FILTER_TREE && tid_is_wanted(parent->pid))
		__sync_fetch_and_or(tid_word(tid), bit);
	else
		__sync_fetch_and_and(tid_word(tid), ~bit);
}

#endif
