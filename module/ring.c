// SPDX-License-Identifier: GPL-2.0
/*
 * The rings: allocation, and the writer of the protocol in <oncpu/ring.h>.
 */
#include <linux/irqflags.h>
#include <linux/mm.h>
#include <linux/overflow.h>
#include <linux/percpu.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/timekeeping.h>
#include <linux/vmalloc.h>

#include "ring.h"

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

struct oncpu_rings *oncpu_rings_alloc(u32 order, u64 types)
{
	struct oncpu_rings *rings = kzalloc(sizeof(*rings), GFP_KERNEL);
	int err;

	if (!rings)
		return ERR_PTR(-ENOMEM);
	rings->types = types;
	rings->order = order;
	rings->nr_cpus = nr_cpu_ids;
	err = rings_alloc_memory(rings);
	if (err) {
		oncpu_rings_free(rings);
		return ERR_PTR(err);
	}
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

static bool has_room(struct oncpu_rings *rings, struct oncpu_ring *control, u64 head, u64 wanted)
{
	/* Acquire: a slot is rewritten only after the reader is done with it. */
	return head - smp_load_acquire(&control->tail) + wanted <= 1ULL << rings->order;
}

/*
 * Reserves a slot and the time that belongs to it. The clock is read between the load of head and
 * the cmpxchg: that succeeds only if no interrupt wrote in between, so the times in a ring never
 * decrease.
 */
static bool reserve(struct oncpu_rings *rings, struct oncpu_ring *control, u64 *index, u64 *time_ns)
{
	u64 head;

	do {
		head = this_cpu_read(rings->cpu->head);
		if (!has_room(rings, control, head, 1))
			return false;
		*time_ns = ktime_get_mono_fast_ns();
	} while (this_cpu_cmpxchg(rings->cpu->head, head, head + 1) != head);
	*index = head;
	return true;
}

static void fill(struct oncpu_rings *rings, unsigned int cpu, u64 index, u64 time_ns,
		 const struct oncpu_record *record)
{
	struct oncpu_record *slot = &rings->records[((size_t)cpu << rings->order) +
						    (index & ((1ULL << rings->order) - 1))];

	slot->time_ns = time_ns;
	slot->tid = record->tid;
	slot->type = record->type;
	slot->flags = record->flags;
	slot->raw[0] = record->raw[0];
	slot->raw[1] = record->raw[1];
	/* Release: whoever sees this round's lap sees the whole record. */
	smp_store_release(&slot->lap, ONCPU_LAP(index, rings->order));
	/* A hint how full the ring is; an interrupt here makes it one too small for a while. */
	WRITE_ONCE(rings->control[cpu].head, this_cpu_read(rings->cpu->head));
}

/* Losing is rare, or else nothing matters any more: what it costs to keep interrupts out is no loss. */
static noinline void lose(struct oncpu_rings *rings, unsigned int cpu)
{
	struct oncpu_cpu *c = per_cpu_ptr(rings->cpu, cpu);
	unsigned long flags;

	local_irq_save(flags);
	if (c->lost == c->told)
		c->since_ns = ktime_get_mono_fast_ns();
	this_cpu_inc(rings->cpu->lost); /* at once: NMIs are not kept out */
	WRITE_ONCE(rings->control[cpu].since_ns, c->since_ns);
	WRITE_ONCE(rings->control[cpu].lost, c->lost);
	local_irq_restore(flags);
}

/* Tells of the gap that lies behind, if the record in hand has room, too. */
static noinline bool tell_lost(struct oncpu_rings *rings, unsigned int cpu)
{
	struct oncpu_cpu *c = per_cpu_ptr(rings->cpu, cpu);
	struct oncpu_record r = { .tid = current->pid, .type = ONCPU_LOST };
	unsigned long flags;
	u64 index, time_ns;
	bool room;

	local_irq_save(flags);
	room = has_room(rings, &rings->control[cpu], c->head, 2);
	r.lost.nr = READ_ONCE(c->lost) - c->told;
	if (room && r.lost.nr && reserve(rings, &rings->control[cpu], &index, &time_ns)) {
		r.lost.since_ns = c->since_ns;
		c->told += r.lost.nr;
		WRITE_ONCE(rings->control[cpu].told, c->told);
		fill(rings, cpu, index, time_ns, &r);
	}
	local_irq_restore(flags);
	return room;
}

static bool has_gap(const struct oncpu_rings *rings)
{
	return this_cpu_read(rings->cpu->lost) != this_cpu_read(rings->cpu->told);
}

void oncpu_rings_write(struct oncpu_rings *rings, const struct oncpu_record *record)
{
	unsigned int cpu;
	u64 index, time_ns;

	/* Some tracepoints leave preemption on, but the slot is this CPU's. */
	preempt_disable_notrace();
	cpu = smp_processor_id();
	if ((likely(!has_gap(rings)) || tell_lost(rings, cpu)) &&
	    reserve(rings, &rings->control[cpu], &index, &time_ns))
		fill(rings, cpu, index, time_ns, record);
	else
		lose(rings, cpu);
	preempt_enable_notrace();
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
