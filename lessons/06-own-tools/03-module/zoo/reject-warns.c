// SPDX-License-Identifier: GPL-2.0
// rejected by structure: "WARNING"
#include "module.h"

static DEFINE_PER_CPU(unsigned long, switches);
static struct tracepoint *tracepoint;

static void on_switch(void *data, bool preempt, struct task_struct *prev, struct task_struct *next,
		      unsigned int prev_state)
{
	if (is_ours(next))
		this_cpu_inc(switches);
	WARN_ON_ONCE(is_ours(next));
}

static int show(struct seq_file *file, void *unused)
{
	int cpu;

	for_each_online_cpu(cpu)
		seq_printf(file, "cpu %d %lu\n", cpu, per_cpu(switches, cpu));
	return 0;
}

static int __init begin(void)
{
	int err;

	tracepoint = find_tracepoint("sched_switch");
	if (!tracepoint)
		return -ENOENT;
	if (!proc_create_single(FILE_NAME, 0444, NULL, show))
		return -ENOMEM;
	err = tracepoint_probe_register(tracepoint, on_switch, NULL);
	if (err)
		remove_proc_entry(FILE_NAME, NULL);
	return err;
}
module_init(begin);

static void __exit end(void)
{
	tracepoint_probe_unregister(tracepoint, on_switch, NULL);
	tracepoint_synchronize_unregister(); /* a CPU may be in the midst of it */
	remove_proc_entry(FILE_NAME, NULL);
}
module_exit(end);

MODULE_DESCRIPTION("Counts switches to the threads of a program");
MODULE_LICENSE("GPL");
