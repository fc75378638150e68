/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Policies: schedulers that are there to be read (bpf/sched/NAME.bpf.c, which say what they do; how one
 * is written: bpf/sched/README.md). Knobs, numbers and decisions are declared in a policy's own file and
 * found in its object, so nothing here names one.
 *
 *	policy_open(&p, "rr", ...);		or a path to an object of one's own
 *	policy_set(p, "slice_us=2000", ...);
 *	policy_begin(p, false, ...);		it is on
 *	session.adopt = ext_take;		and the target of a recording is its own
 *	session.decisions = policy_decisions(p);
 *	session_run(&session, ...);
 *	policy_was_thrown_out(p, ...); policy_stats(p, ...);
 *	policy_end(p);				it is off
 *
 * One at a time: the kernel has one sched_ext scheduler. The same policy begins once; open it again
 * for another run.
 */
#ifndef ONCPU_SCHED_POLICY_H
#define ONCPU_SCHED_POLICY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct decisions;
struct policy;

struct policy_knob { /* a whole number that is set before the policy begins */
	const char *name, *text;
	uint64_t value, least, most;
};

struct policy_stat {
	const char *name, *text;
	uint64_t value;
};

/* The names of all that are installed, sorted; free each and all. 0 or -errno with a sentence in why. */
int policy_list(char ***names, size_t *n, char *why, size_t why_size);

/* By name, or by the path of an object (with a '/' or a '.' in it). Neither root nor sched_ext is needed. */
int policy_open(struct policy **p, const char *name, char *why, size_t why_size);
void policy_end(struct policy *p); /* NULL is fine */

const char *policy_name(const struct policy *p);
const char *policy_sentence(const struct policy *p); /* "" where the object has none */
const struct policy_knob *policy_knobs(const struct policy *p, size_t *n);

/* "slice_us=2000". -EINVAL with a sentence in why: no such knob, no number, out of its bounds. */
int policy_set(struct policy *p, const char *setting, char *why, size_t why_size);

/*
 * Into the kernel. all: every task that is scheduled fairly otherwise becomes its own; else those that
 * ext_take() hands over, and what they fork. -errno, and why, with the mend.
 */
int policy_begin(struct policy *p, bool all, char *why, size_t why_size);

/* The statistics as they are now; the array is the policy's. Before the beginning all are 0. */
const struct policy_stat *policy_stats(struct policy *p, size_t *n);

/* For session_options.decisions, after the beginning. NULL: the object writes none. */
struct decisions *policy_decisions(struct policy *p);

/* Did the kernel throw it out? Then a lesson in why: what it failed to do, for whom, how long. */
bool policy_was_thrown_out(const struct policy *p, char *why, size_t why_size);

#endif
