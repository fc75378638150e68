// SPDX-License-Identifier: GPL-2.0
/*
 * Whose events are recorded. What user space says is checked once, here; the bitmap of tids it may
 * change at any time, to whatever it likes: a bit is only ever looked at.
 */
#include <linux/bitmap.h>
#include <linux/bitops.h>
#include <linux/cgroup.h>
#include <linux/sched.h>
#include <linux/string.h>
#include <linux/uaccess.h>
#include <linux/vmalloc.h>

#include "filter.h"

#define KINDS (ONCPU_FILTER_TASKS | ONCPU_FILTER_COMM | ONCPU_FILTER_CGROUP)
#define KNOWN (KINDS | ONCPU_FILTER_TREE | ONCPU_FILTER_SELF | ONCPU_FILTER_SWITCHES)

/* CPUs beyond the mask's end are not recorded; bits without a CPU do not matter. */
static int read_cpus(struct cpumask *cpus, const struct oncpu_setup *setup)
{
	u32 bytes = setup->cpus_bytes;

	if (!bytes) {
		cpumask_copy(cpus, cpu_possible_mask);
		return setup->cpus ? -EINVAL : 0;
	}
	if (bytes > ONCPU_MAX_CPUS_BYTES)
		return -EINVAL;
	cpumask_clear(cpus);
	bytes = min_t(u32, bytes, cpumask_size());
	if (copy_from_user(cpumask_bits(cpus), u64_to_user_ptr(setup->cpus), bytes))
		return -EFAULT;
	return cpumask_and(cpus, cpus, cpu_possible_mask) ? 0 : -ENODEV;
}

int oncpu_chosen_init(struct oncpu_chosen *c, const struct oncpu_setup *setup)
{
	int err;

	c->rule = setup->filter;
	c->all_tasks = !(c->rule.flags & KINDS);
	c->tasks = NULL;
	if (c->rule.flags & ~KNOWN)
		return -EINVAL;
	if (!zalloc_cpumask_var(&c->cpus, GFP_KERNEL))
		return -ENOMEM;
	err = read_cpus(c->cpus, setup);
	if (!err && c->rule.flags & ONCPU_FILTER_TASKS) {
		c->tasks = vmalloc_user(ONCPU_TASKS_BYTES);
		err = c->tasks ? 0 : -ENOMEM;
	}
	if (err)
		free_cpumask_var(c->cpus);
	return err;
}

void oncpu_chosen_free(struct oncpu_chosen *c)
{
	vfree(c->tasks);
	free_cpumask_var(c->cpus);
}

/* Of the unified hierarchy, at or below the one that has the id. */
static bool in_cgroup(struct task_struct *p, u64 id)
{
	struct cgroup *cgroup;
	bool found = false;
	int i;

	/* An RCU reader, but without rcu_read_unlock(), which may not be called from everywhere. */
	preempt_disable_notrace();
	cgroup = rcu_dereference_sched(p->cgroups)->dfl_cgrp;
	for (i = cgroup->level; i >= 0 && !found; i--)
		found = cgroup_id(cgroup->ancestors[i]) == id;
	preempt_enable_notrace();
	return found;
}

static bool is_asked_for(const struct oncpu_chosen *c, struct task_struct *p)
{
	if (c->all_tasks || (c->tasks && test_bit(p->pid, c->tasks)))
		return true;
	if (oncpu_chosen_by_name(c, p->comm))
		return true;
	return c->rule.flags & ONCPU_FILTER_CGROUP && in_cgroup(p, c->rule.cgroup);
}

static bool is_recorder(const struct oncpu_chosen *c, const struct task_struct *p)
{
	return !(c->rule.flags & ONCPU_FILTER_SELF) && p->tgid == c->rule.self_tgid;
}

bool oncpu_chosen_has(const struct oncpu_chosen *c, struct task_struct *p)
{
	return p->pid && is_asked_for(c, p) && !is_recorder(c, p);
}

bool oncpu_chosen_has_above(const struct oncpu_chosen *c, struct task_struct *p)
{
	return c->all_tasks ? !is_recorder(c, p) : oncpu_chosen_has(c, p);
}

bool oncpu_chosen_by_name(const struct oncpu_chosen *c, const char *comm)
{
	return c->rule.flags & ONCPU_FILTER_COMM &&
	       !strncmp(comm, c->rule.comm, sizeof(c->rule.comm));
}

bool oncpu_chosen_switch(const struct oncpu_chosen *c, struct task_struct *prev,
			 struct task_struct *next)
{
	if (!(c->rule.flags & ONCPU_FILTER_SWITCHES))
		return oncpu_chosen_has(c, prev) || oncpu_chosen_has(c, next);
	return (prev->pid && !is_recorder(c, prev)) || (next->pid && !is_recorder(c, next));
}

/*
 * A tid may have been another's: the child gets a bit of 0, too. Nobody clears the bit of a task that
 * ends: in an exec by another thread than the first, that one's tid lives on.
 */
void oncpu_chosen_hand_down(struct oncpu_chosen *c, const struct task_struct *parent,
			    const struct task_struct *child)
{
	if (c->tasks)
		assign_bit(child->pid, c->tasks,
			   c->rule.flags & ONCPU_FILTER_TREE && test_bit(parent->pid, c->tasks));
}
