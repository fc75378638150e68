// SPDX-License-Identifier: GPL-2.0
/*
 * Page faults from user space, before the kernel looks what is the matter. Interrupts are off here.
 */
#include "lib/filter.bpf.h"
#include "lib/probe.bpf.h"
#include "lib/ring.bpf.h"

SEC("tp_btf/page_fault_user")
int BPF_PROG(on_fault, unsigned long address, struct pt_regs *regs)
{
	struct oncpu_record r = {
		.tid = current_tid(),
		.type = ONCPU_FAULT,
		.fault = { .address = address, .ip = PT_REGS_IP_CORE(regs) },
	};

	if (keep_current())
		ring_write(&r);
	return 0;
}
