/* SPDX-License-Identifier: GPL-2.0 */
/* On which CPUs a workload may run. */
#ifndef ONCPU_SCHED_CPUS_H
#define ONCPU_SCHED_CPUS_H

#include <sched.h>
#include <stddef.h>

/*
 * "2": the last two of those that we may use; "0,2-3": these. 0, or -EINVAL with a sentence in why.
 * For sched_setaffinity(); what a process forks inherits them.
 */
int cpus_parse(cpu_set_t *cpus, const char *text, char *why, size_t why_size);

#endif
