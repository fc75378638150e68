// SPDX-License-Identifier: GPL-2.0
/*
 * Page faults of user space.
 */
#include <linux/ptrace.h>
#include <linux/sched.h>

#include "probes.h"
#include "recording.h"

static void on_fault(void *data, unsigned long address, struct pt_regs *regs,
		     unsigned long error_code)
{
	struct oncpu_record r = {
		.tid = current->pid,
		.type = ONCPU_FAULT,
		.fault = { .address = address, .ip = instruction_pointer(regs) },
	};

	oncpu_record_current(data, &r);
}

struct oncpu_probe oncpu_fault_probes[] = { { "page_fault_user", on_fault, BIT_ULL(ONCPU_FAULT) },
					    {} };
