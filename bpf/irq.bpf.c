// SPDX-License-Identifier: GPL-2.0
/*
 * Interrupt handlers and softirqs. They run above whoever is on the CPU, whose doing they are not:
 * the filter of tasks does not apply.
 */
#include "lib/filter.bpf.h"
#include "lib/probe.bpf.h"
#include "lib/ring.bpf.h"

static __always_inline void write_irq(__u8 type, __u32 nr, __s32 ret)
{
	struct oncpu_record r = {
		.tid = current_tid(),
		.type = type,
		.irq = { .nr = nr, .ret = ret },
	};

	if (keep_cpu())
		ring_write(&r);
}

SEC("tp_btf/irq_handler_entry")
int BPF_PROG(on_irq, int irq)
{
	write_irq(ONCPU_IRQ, irq, 0);
	return 0;
}

SEC("tp_btf/irq_handler_exit")
int BPF_PROG(on_irq_end, int irq, struct irqaction *action, int ret)
{
	write_irq(ONCPU_IRQ_END, irq, ret);
	return 0;
}

SEC("tp_btf/softirq_entry")
int BPF_PROG(on_softirq, unsigned int vector)
{
	write_irq(ONCPU_SOFTIRQ, vector, 0);
	return 0;
}

SEC("tp_btf/softirq_exit")
int BPF_PROG(on_softirq_end, unsigned int vector)
{
	write_irq(ONCPU_SOFTIRQ_END, vector, 0);
	return 0;
}
