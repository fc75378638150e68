/* SPDX-License-Identifier: GPL-2.0 */
/* Given: what a module that counts begins with. */
#ifndef MODULE_H
#define MODULE_H

#include <linux/module.h>
#include <linux/percpu.h>
#include <linux/proc_fs.h>
#include <linux/sched.h>
#include <linux/seq_file.h>
#include <linux/string.h>
#include <linux/tracepoint.h>

/* In /proc; the check reads it while the module is loaded. */
#define FILE_NAME "switchcount"

/* Is it one of the threads that are to be counted: those of the program, but main? */
static inline bool is_ours(const struct task_struct *p)
{
	return p != p->group_leader && !strcmp(p->group_leader->comm, "module");
}

struct find_tracepoint {
	const char *name;
	struct tracepoint *found;
};

static inline void compare_tracepoint(struct tracepoint *tp, void *data)
{
	struct find_tracepoint *find = data;

	if (!strcmp(tp->name, find->name))
		find->found = tp;
}

/* The tracepoint of that name; NULL: this kernel has none. */
static inline struct tracepoint *find_tracepoint(const char *name)
{
	struct find_tracepoint find = { .name = name };

	for_each_kernel_tracepoint(compare_tracepoint, &find);
	return find.found;
}

#endif
