/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What every sched_ext scheduler here starts with. Those that are there to be read begin with
 * policy.bpf.h, which has this in it.
 */
#ifndef ONCPU_BPF_SCHED_EXT_H
#define ONCPU_BPF_SCHED_EXT_H

#include "lib/probe.bpf.h"

#define SCHED_EXT 7

/* The calls that a scheduler consists of; those of the second kind may sleep. */
#define POLICY_CALL(name, ...)	SEC("struct_ops/" #name) BPF_PROG(name, ##__VA_ARGS__)
#define POLICY_SETUP(name, ...) SEC("struct_ops.s/" #name) BPF_PROG(name, ##__VA_ARGS__)

/* Why it is off: user/sched/ext.c reads them. */
__u32 exit_kind; /* enum scx_exit_kind; 0: it is on */
char exit_reason[64], exit_message[192];

void POLICY_CALL(policy_exit, struct scx_exit_info *info)
{
	bpf_probe_read_kernel_str(exit_reason, sizeof(exit_reason), info->reason);
	bpf_probe_read_kernel_str(exit_message, sizeof(exit_message), info->msg);
	exit_kind = info->kind;
}

/* splitmix64's: all bits of x decide on each bit of it. */
static inline __u64 mix(__u64 x)
{
	x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9;
	x = (x ^ x >> 27) * 0x94d049bb133111eb;
	return x ^ x >> 31;
}

#endif
