/* SPDX-License-Identifier: GPL-2.0 */
/*
 * sched_ext: schedulers of ours in the running kernel. What all policies need; each has a file of its
 * own beside this one, and its BPF half in bpf/sched/.
 */
#ifndef ONCPU_SCHED_EXT_H
#define ONCPU_SCHED_EXT_H

#include <bpf/libbpf.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* Can this kernel take a policy of ours? 0, or -EOPNOTSUPP with a sentence in why. */
int ext_check(char *why, size_t why_size);

/* Loads an opened skeleton and turns its policy on, until it is destroyed. -errno: why, and the mend. */
int ext_begin(struct bpf_object_skeleton *skeleton, char *why, size_t why_size);

/* -errno of the load or the attachment of one, as a sentence, and the mend. */
void ext_explain(int err, char *why, size_t why_size);

/* What libbpf has to say is for ONCPU_DEBUG=1. */
void ext_be_quiet(void);

/* Hands a task, and with it what it will fork, to the policy that is on. 0 or -errno. */
int ext_take(pid_t pid);

/* Of bpf/sched/policy.bpf.h: did the kernel throw it out? Its tasks then were scheduled fairly. */
bool ext_was_thrown_out(uint32_t kind, const char *reason, const char *message, char *why,
			size_t why_size);

#endif
