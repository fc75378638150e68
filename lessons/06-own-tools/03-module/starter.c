// SPDX-License-Identifier: GPL-2.0
#include "module.h"

static DEFINE_PER_CPU(unsigned long, switches);

/* Called at each switch, on the CPU that goes from prev to next. No sleeping here. */
static void __maybe_unused on_switch(void *data, bool preempt, struct task_struct *prev,
				     struct task_struct *next, unsigned int prev_state)
{
	/* to do: count it, if `next` is ours */
}

/* A line a CPU: "cpu 0 123". */
static int show(struct seq_file *file, void *unused)
{
	int cpu;

	for_each_online_cpu(cpu)
		seq_printf(file, "cpu %d %lu\n", cpu, per_cpu(switches, cpu));
	return 0;
}

static int __init begin(void)
{
	if (!proc_create_single(FILE_NAME, 0444, NULL, show))
		return -ENOMEM;
	/* to do: have on_switch() called at the tracepoint "sched_switch" */
	return 0;
}
module_init(begin);

static void __exit end(void)
{
	/* to do: whatever begin() did, backwards */
	remove_proc_entry(FILE_NAME, NULL);
}
module_exit(end);

MODULE_DESCRIPTION("Counts switches to the threads of a program");
MODULE_LICENSE("GPL");
