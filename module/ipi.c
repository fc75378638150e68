// SPDX-License-Identifier: GPL-2.0
/*
 * Interrupts from CPU to CPU.
 */
#include <linux/cpumask.h>
#include <linux/sched.h>

#include "probes.h"
#include "recording.h"

static void write_ipi_record(void *data, u32 cpu, u32 nr, u64 caller)
{
	struct oncpu_record r = {
		.tid = current->pid,
		.type = ONCPU_IPI,
		.ipi = { .cpu = cpu, .nr = nr, .caller = caller },
	};

	oncpu_record(data, &r);
}

static void on_ipi(void *data, unsigned int cpu, unsigned long caller, void *callback)
{
	write_ipi_record(data, cpu, 1, caller);
}

static void on_ipis(void *data, const struct cpumask *cpus, unsigned long caller, void *callback)
{
	u32 nr = cpumask_weight(cpus);

	write_ipi_record(data, nr == 1 ? cpumask_first(cpus) : ONCPU_IPI_MANY, nr, caller);
}

struct oncpu_probe oncpu_ipi_probes[] = { { "ipi_send_cpu", on_ipi, BIT_ULL(ONCPU_IPI) },
					  { "ipi_send_cpumask", on_ipis, BIT_ULL(ONCPU_IPI) },
					  {} };
