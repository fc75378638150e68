/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What BPF programs must know of the running kernel's variables (bpf/lib/context.bpf.h).
 */
#ifndef ONCPU_RECORD_PERCPU_H
#define ONCPU_RECORD_PERCPU_H

#include <stdbool.h>
#include <stdint.h>

struct percpu {
	uint32_t hardirq_mask; /* of preempt_count */
	int64_t count_from_rq; /* bytes from a CPU's run queue to its preempt_count */
	bool has_distance;     /* ... is known */
};

/* From the kernel's type information: 0 or -errno. */
int percpu_read(struct percpu *p);

#endif
