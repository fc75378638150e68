// SPDX-License-Identifier: GPL-2.0
/*
 * CPUs that enter an idle state, and leave it.
 */
#include "lib/filter.bpf.h"
#include "lib/probe.bpf.h"
#include "lib/ring.bpf.h"

SEC("tp_btf/cpu_idle")
int BPF_PROG(on_idle, unsigned int state)
{
	struct oncpu_record r = {
		.tid = current_tid(),
		.type = ONCPU_IDLE,
		.idle = { .state = state }, /* the kernel's number for leaving is ours */
	};

	if (keep_cpu())
		ring_write(&r);
	return 0;
}
