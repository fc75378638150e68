/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What every probe file starts with.
 */
#ifndef ONCPU_BPF_LIB_PROBE_H
#define ONCPU_BPF_LIB_PROBE_H

#include "vmlinux.h"
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

static __always_inline __u32 current_tid(void)
{
	return bpf_get_current_task_btf()->pid;
}

#endif
