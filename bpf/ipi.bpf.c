// SPDX-License-Identifier: GPL-2.0
/*
 * Interrupts that one CPU sends to others: to reschedule, to flush TLBs, for membarrier()...
 */
#include "lib/filter.bpf.h"
#include "lib/probe.bpf.h"
#include "lib/ring.bpf.h"

static __always_inline void write_ipi(__u32 cpu, __u32 nr, unsigned long caller)
{
	struct oncpu_record r = {
		.tid = current_tid(),
		.type = ONCPU_IPI,
		.ipi = { .cpu = cpu, .nr = nr, .caller = caller },
	};

	if (keep_cpu())
		ring_write(&r);
}

SEC("tp_btf/ipi_send_cpu")
int BPF_PROG(on_ipi, unsigned int cpu, unsigned long caller)
{
	write_ipi(cpu, 1, caller);
	return 0;
}

/* The kernel also takes this way to a single one. Older ones cannot count for us: nr is 0 there. */
SEC("tp_btf/ipi_send_cpumask")
int BPF_PROG(also_on_ipi, struct cpumask *mask, unsigned long caller)
{
	__u32 nr = bpf_ksym_exists(bpf_cpumask_weight) ? bpf_cpumask_weight(mask) : 0;

	write_ipi(nr == 1 ? bpf_cpumask_first(mask) : ONCPU_IPI_MANY, nr, caller);
	return 0;
}
