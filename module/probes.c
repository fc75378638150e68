// SPDX-License-Identifier: GPL-2.0
/*
 * Finds the tracepoints by name, because which of them exist differs from kernel to kernel and
 * few are exported, and attaches the probes to them.
 */
#include <linux/array_size.h>
#include <linux/init.h>
#include <linux/string.h>
#include <linux/tracepoint.h>

#include "probes.h"
#include "ring.h"

static struct oncpu_probe *const tables[] = {
	oncpu_sched_probes,
	oncpu_task_probes,
	oncpu_lock_probes,
	oncpu_futex_probes,
};

static struct oncpu_probe *found[32]; /* those whose tracepoint this kernel has */
static size_t nr_found;

static void match(struct tracepoint *tp, void *unused)
{
	struct oncpu_probe *p;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(tables); i++) {
		for (p = tables[i]; p->name; p++) {
			if (strcmp(p->name, tp->name) || nr_found == ARRAY_SIZE(found))
				continue;
			p->tp = tp;
			found[nr_found++] = p;
		}
	}
}

void __init oncpu_probes_find(void)
{
	for_each_kernel_tracepoint(match, NULL);
}

u64 oncpu_probes_types(void)
{
	u64 types = 0;
	size_t i;

	for (i = 0; i < nr_found; i++)
		types |= found[i]->types;
	return types;
}

/* Detaches the first n probes found. */
static void detach(struct oncpu_rings *rings, size_t n)
{
	while (n--)
		if (found[n]->types & rings->types)
			tracepoint_probe_unregister(found[n]->tp, found[n]->function, rings);
	tracepoint_synchronize_unregister();
}

int oncpu_probes_attach(struct oncpu_rings *rings)
{
	size_t i;
	int err;

	for (i = 0; i < nr_found; i++) {
		if (!(found[i]->types & rings->types))
			continue;
		err = tracepoint_probe_register(found[i]->tp, found[i]->function, rings);
		if (err) {
			detach(rings, i);
			return err;
		}
	}
	return 0;
}

void oncpu_probes_detach(struct oncpu_rings *rings)
{
	detach(rings, nr_found);
}
