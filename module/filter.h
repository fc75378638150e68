/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Whose events are recorded: the rule of <oncpu/filter.h>.
 */
#ifndef ONCPU_MODULE_FILTER_H
#define ONCPU_MODULE_FILTER_H

#include <linux/cpumask.h>
#include <linux/smp.h>
#include <linux/types.h>

#include <oncpu/ioctl.h>

struct task_struct;

struct oncpu_chosen {
	struct oncpu_filter rule;
	bool all_tasks;	      /* there is nothing to look at */
	cpumask_var_t cpus;   /* to record on */
	unsigned long *tasks; /* shared with user space: one bit a tid; NULL: not asked for */
};

/* EINVAL, EFAULT, ENODEV, ENOMEM. May sleep. oncpu_chosen_free() is for after a success only. */
int oncpu_chosen_init(struct oncpu_chosen *c, const struct oncpu_setup *setup);
void oncpu_chosen_free(struct oncpu_chosen *c);

/*
 * Any context; p is current, or known to stay.
 *
 * has: p is wanted. has_above: likewise, for what happens on p's CPU and names no other task: where
 * all tasks are wanted that may be an interrupt above idle. by_name: a task with this name is.
 */
bool oncpu_chosen_has(const struct oncpu_chosen *c, struct task_struct *p);
bool oncpu_chosen_has_above(const struct oncpu_chosen *c, struct task_struct *p);
bool oncpu_chosen_by_name(const struct oncpu_chosen *c, const char *comm);
bool oncpu_chosen_switch(const struct oncpu_chosen *c, struct task_struct *prev,
			 struct task_struct *next);

/* The child is to have its parent's bit (ONCPU_FILTER_TREE), or none. */
void oncpu_chosen_hand_down(struct oncpu_chosen *c, const struct task_struct *parent,
			    const struct task_struct *child);

static inline bool oncpu_chosen_here(const struct oncpu_chosen *c)
{
	return cpumask_test_cpu(smp_processor_id(), c->cpus);
}

#endif
