/* SPDX-License-Identifier: GPL-2.0 */
/* What a probe starts with: the kernel's types, what BPF can call, and what is asked of yours. */
#ifndef PROBE_H
#define PROBE_H

#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

/* Of one thread: how often it waited for a CPU until it had one, and how long. Nanoseconds. */
struct waits {
	__u64 nr, total_ns, longest_ns;
};

#define MOST_THREADS 4096

#endif
