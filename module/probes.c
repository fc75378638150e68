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
#include "recording.h"

/* Of two probes at one tracepoint the one that stands here first is called first. */
static struct oncpu_probe *const tables[] = {
	oncpu_task_probes,    oncpu_sched_probes, oncpu_lock_probes,  oncpu_futex_probes,
	oncpu_fault_probes,   oncpu_irq_probes,	  oncpu_ipi_probes,   oncpu_idle_probes,
	oncpu_syscall_probes, oncpu_uring_probes, oncpu_block_probes, oncpu_signal_probes,
};

static struct oncpu_probe *found[64]; /* those whose tracepoint this kernel has */
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

#define FUTEX_TYPES                                                                              \
	(BIT_ULL(ONCPU_FUTEX_WAIT) | BIT_ULL(ONCPU_FUTEX_WAIT_END) | BIT_ULL(ONCPU_FUTEX_WAKE) | \
	 BIT_ULL(ONCPU_FUTEX_WAKE_END) | BIT_ULL(ONCPU_FUTEX_WORDS))

/* Of tracepoints. Tasks are followed whether or not their births are recorded. */
static u64 types_needed(const struct oncpu_recording *rec)
{
	u64 types = rec->rings->types;

	if (rec->chosen.rule.flags & ONCPU_FILTER_TASKS)
		types |= BIT_ULL(ONCPU_FORK);
	return rec->futex_attached ? types & ~FUTEX_TYPES : types;
}

/* Detaches the first n probes found. */
static void detach(struct oncpu_recording *rec, size_t n)
{
	while (n--)
		if (found[n]->types & types_needed(rec))
			tracepoint_probe_unregister(found[n]->tp, found[n]->function, rec);
	tracepoint_synchronize_unregister();
}

static int attach(struct oncpu_recording *rec)
{
	size_t i;
	int err;

	for (i = 0; i < nr_found; i++) {
		if (!(found[i]->types & types_needed(rec)))
			continue;
		err = tracepoint_probe_register(found[i]->tp, found[i]->function, rec);
		if (err) {
			detach(rec, i);
			return err;
		}
	}
	return 0;
}

/* Probes come and go one by one, in milliseconds; the records begin and end at one instant. */
int oncpu_probes_attach(struct oncpu_recording *rec)
{
	int err;

	rec->futex_attached = rec->rings->types & FUTEX_TYPES && !oncpu_futex_attach(rec);
	err = attach(rec);
	if (err && rec->futex_attached)
		oncpu_futex_detach();
	WRITE_ONCE(rec->open, !err);
	return err;
}

void oncpu_probes_detach(struct oncpu_recording *rec)
{
	WRITE_ONCE(rec->open, false);
	detach(rec, nr_found);
	if (rec->futex_attached)
		oncpu_futex_detach();
}
