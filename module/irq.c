// SPDX-License-Identifier: GPL-2.0
/*
 * Interrupts and softirqs: what runs above a task, or in its stead.
 */
#include <linux/sched.h>

#include "probes.h"
#include "recording.h"

struct irqaction;

static void write_irq_record(void *data, u8 type, u32 nr, s32 ret)
{
	struct oncpu_record r = {
		.tid = current->pid,
		.type = type,
		.irq = { .nr = nr, .ret = ret },
	};

	oncpu_record(data, &r);
}

static void on_irq(void *data, int irq, struct irqaction *action)
{
	write_irq_record(data, ONCPU_IRQ, irq, 0);
}

static void on_irq_end(void *data, int irq, struct irqaction *action, int ret)
{
	write_irq_record(data, ONCPU_IRQ_END, irq, ret);
}

static void on_softirq(void *data, unsigned int vector)
{
	write_irq_record(data, ONCPU_SOFTIRQ, vector, 0);
}

static void on_softirq_end(void *data, unsigned int vector)
{
	write_irq_record(data, ONCPU_SOFTIRQ_END, vector, 0);
}

struct oncpu_probe oncpu_irq_probes[] = {
	{ "irq_handler_entry", on_irq, BIT_ULL(ONCPU_IRQ) },
	{ "irq_handler_exit", on_irq_end, BIT_ULL(ONCPU_IRQ_END) },
	{ "softirq_entry", on_softirq, BIT_ULL(ONCPU_SOFTIRQ) },
	{ "softirq_exit", on_softirq_end, BIT_ULL(ONCPU_SOFTIRQ_END) },
	{}
};
