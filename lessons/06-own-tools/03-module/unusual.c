// SPDX-License-Identifier: GPL-2.0
/*
 * The counters are allocated, one line of the cache for each CPU, and are given to the probe as its
 * data; so are they to the file.
 */
#include <linux/cache.h>
#include <linux/slab.h>

#include "module.h"

struct count {
	atomic_long_t switches;
} ____cacheline_aligned;

static struct count *counts;
static struct tracepoint *tracepoint;

static void on_switch(void *data, bool preempt, struct task_struct *prev, struct task_struct *next,
		      unsigned int prev_state)
{
	struct count *of_cpu = data;

	if (is_ours(next))
		atomic_long_inc(&of_cpu[raw_smp_processor_id()].switches);
}

static int show(struct seq_file *file, void *unused)
{
	const struct count *of_cpu = pde_data(file_inode(file->file));
	int cpu;

	for_each_possible_cpu(cpu)
		seq_printf(file, "cpu %d %ld\n", cpu, atomic_long_read(&of_cpu[cpu].switches));
	return 0;
}

static int __init begin(void)
{
	int err = -ENOENT;

	tracepoint = find_tracepoint("sched_switch");
	counts = kcalloc(nr_cpu_ids, sizeof(*counts), GFP_KERNEL);
	if (!counts)
		return -ENOMEM;
	if (tracepoint)
		err = tracepoint_probe_register(tracepoint, on_switch, counts);
	if (err)
		goto free;
	err = -ENOMEM;
	if (!proc_create_single_data(FILE_NAME, 0444, NULL, show, counts))
		goto unregister;
	return 0;
unregister:
	tracepoint_probe_unregister(tracepoint, on_switch, counts);
	tracepoint_synchronize_unregister();
free:
	kfree(counts);
	return err;
}
module_init(begin);

static void __exit end(void)
{
	remove_proc_entry(FILE_NAME, NULL);
	tracepoint_probe_unregister(tracepoint, on_switch, counts);
	tracepoint_synchronize_unregister();
	kfree(counts);
}
module_exit(end);

MODULE_DESCRIPTION("Counts switches to the threads of a program");
MODULE_LICENSE("GPL");
