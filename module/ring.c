// SPDX-License-Identifier: GPL-2.0
/*
 * The rings: allocation, and the writer of the protocol in <oncpu/ring.h>.
 */
#include <linux/clocksource.h>
#include <linux/irqflags.h>
#include <linux/mm.h>
#include <linux/overflow.h>
#include <linux/percpu.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/timekeeping.h>
#include <linux/vmalloc.h>

#include "ring.h"

#define PAIR_MS	       1u /* long enough to cost nothing, too short for the clocks to drift apart */
#define PAIR_PRECISION 250u /* what was read within a 250th of that was read at one moment */

/* Half of the machine's memory is a mistake of the caller; vmalloc would call the OOM killer. */
static bool too_much(size_t bytes)
{
	return bytes >> PAGE_SHIFT > totalram_pages() / 2;
}

static int rings_alloc_memory(struct oncpu_rings *rings)
{
	size_t control_bytes, records_bytes;

	control_bytes = array_size(rings->nr_cpus, sizeof(struct oncpu_ring));
	records_bytes =
		array3_size(rings->nr_cpus, 1UL << rings->order, sizeof(struct oncpu_record));
	if (too_much(control_bytes) || too_much(records_bytes))
		return -ENOMEM;
	rings->control_bytes = PAGE_ALIGN(control_bytes);
	rings->records_bytes = PAGE_ALIGN(records_bytes);

	rings->cpu = alloc_percpu(struct oncpu_cpu);
	rings->control = vmalloc_user(rings->control_bytes);
	rings->records = vmalloc_user(rings->records_bytes);
	return rings->cpu && rings->control && rings->records ? 0 : -ENOMEM;
}

static void divide_memory(struct oncpu_rings *rings)
{
	unsigned int cpu;

	for_each_possible_cpu(cpu) {
		struct oncpu_cpu *c = per_cpu_ptr(rings->cpu, cpu);

		c->control = &rings->control[cpu];
		c->records = &rings->records[(size_t)cpu << rings->order];
	}
}

/* A counter that the kernel itself does not trust as a clock is none for us either. */
static void find_counter(struct oncpu_rings *rings)
{
#ifdef CONFIG_X86_TSC
	if (check_tsc_unstable() || !tsc_khz)
		return;
	clocks_calc_mult_shift(&rings->tsc_mult, &rings->tsc_shift, tsc_khz, NSEC_PER_MSEC, 1);
	rings->tsc_good = tsc_khz * PAIR_MS;
#endif
}

struct oncpu_rings *oncpu_rings_alloc(u32 order, u64 types)
{
	struct oncpu_rings *rings = kzalloc(sizeof(*rings), GFP_KERNEL);
	int err;

	if (!rings)
		return ERR_PTR(-ENOMEM);
	rings->types = types;
	rings->order = order;
	rings->nr_records = 1ULL << order;
	rings->nr_cpus = nr_cpu_ids;
	find_counter(rings);
	err = rings_alloc_memory(rings);
	if (err) {
		oncpu_rings_free(rings);
		return ERR_PTR(err);
	}
	divide_memory(rings);
	return rings;
}

void oncpu_rings_free(struct oncpu_rings *rings)
{
	if (!rings)
		return;
	vfree(rings->records);
	vfree(rings->control);
	free_percpu(rings->cpu);
	kfree(rings);
}

void oncpu_rings_turn(struct oncpu_rings *rings, bool on)
{
	WRITE_ONCE(rings->on, on);
}

static bool reserve(struct oncpu_rings *rings, struct oncpu_cpu *c, u64 *index, u64 *time_ns)
{
	u64 head;

	do {
		head = READ_ONCE(c->head);
		if (!oncpu_rings_have_room(rings, c, 1))
			return false;
		*time_ns = oncpu_rings_time(rings, c);
	} while (this_cpu_cmpxchg(rings->cpu->head, head, head + 1) != head);
	*index = head;
	return true;
}

/* Losing is rare, or else nothing matters any more: what it costs to keep interrupts out is no loss. */
static noinline void lose(struct oncpu_rings *rings, struct oncpu_cpu *c)
{
	unsigned long flags;

	local_irq_save(flags);
	if (c->lost == c->told)
		c->since_ns = ktime_get_mono_fast_ns();
	this_cpu_inc(rings->cpu->lost); /* at once: NMIs are not kept out */
	WRITE_ONCE(c->control->since_ns, c->since_ns);
	WRITE_ONCE(c->control->lost, c->lost);
	local_irq_restore(flags);
}

/* Tells of the gap that lies behind, if the record in hand has room, too. */
static noinline bool tell_lost(struct oncpu_rings *rings, struct oncpu_cpu *c)
{
	struct oncpu_record r = { .tid = current->pid, .type = ONCPU_LOST };
	unsigned long flags;
	u64 index, time_ns;
	bool room;

	local_irq_save(flags);
	room = oncpu_rings_have_room(rings, c, 2);
	r.lost.nr = READ_ONCE(c->lost) - c->told;
	if (room && r.lost.nr && reserve(rings, c, &index, &time_ns)) {
		r.lost.since_ns = c->since_ns;
		c->told += r.lost.nr;
		WRITE_ONCE(c->control->told, c->told);
		oncpu_rings_fill(rings, c, index, time_ns, oncpu_words(&r));
	}
	local_irq_restore(flags);
	return room;
}

void oncpu_rings_write_slowly(struct oncpu_rings *rings, u64 head, u64 raw0, u64 raw1)
{
	const struct oncpu_words words = { head, { raw0, raw1 } };
	struct oncpu_cpu *c = this_cpu_ptr(rings->cpu);
	u64 index, time_ns;

	if ((READ_ONCE(c->lost) == READ_ONCE(c->told) || tell_lost(rings, c)) &&
	    reserve(rings, c, &index, &time_ns))
		oncpu_rings_fill(rings, c, index, time_ns, words);
	else
		lose(rings, c);
}

u64 oncpu_rings_pair_clocks(struct oncpu_rings *rings)
{
	u64 now;
#ifdef CONFIG_X86_TSC
	unsigned long flags;
	u64 before, after;

	local_irq_save(flags);
	before = rdtsc();
	now = ktime_get_mono_fast_ns();
	after = rdtsc();
	/* Where something came in between, this pair is none: the clock itself it is, until the next. */
	if (after - before < rings->tsc_good / PAIR_PRECISION) {
		this_cpu_write(rings->cpu->pair_tsc, before + (after - before) / 2);
		this_cpu_write(rings->cpu->pair_ns, now);
	}
	local_irq_restore(flags);
#else
	now = ktime_get_mono_fast_ns();
#endif
	return now;
}

void oncpu_rings_publish(struct oncpu_rings *rings)
{
	unsigned int cpu;

	for_each_possible_cpu(cpu) {
		const struct oncpu_cpu *c = per_cpu_ptr(rings->cpu, cpu);

		WRITE_ONCE(rings->control[cpu].head, c->head);
		WRITE_ONCE(rings->control[cpu].lost, c->lost);
		WRITE_ONCE(rings->control[cpu].told, c->told);
		WRITE_ONCE(rings->control[cpu].since_ns, c->since_ns);
	}
}
