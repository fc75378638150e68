/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Counters of each CPU, by perf_event_open(): the PMU's where there is one, the kernel's own
 * everywhere. The BPF probes read them at each SWITCH. The module does not: what the kernel exports to
 * modules reads a counter with a mutex or an interrupt to its CPU (perf_event_read_value), and the
 * scheduler allows neither; perf_event_read_local(), which BPF uses, is not exported.
 */
#ifndef ONCPU_RECORD_COUNTERS_H
#define ONCPU_RECORD_COUNTERS_H

#include <stdbool.h>
#include <stddef.h>

#include "lib/trace.h"

struct counter {
	const char *name;
	char why[160]; /* not available here: why; "": it counts */
};

struct counters {
	struct counter asked[TRACE_MAX_COUNTERS];
	size_t nr_asked;
	const char *names[TRACE_MAX_COUNTERS]; /* of those that count, in the order asked */
	size_t nr;
	unsigned int nr_cpus;
	int *fds; /* [counter * nr_cpus + cpu]; -1: that CPU is not there */
};

/* Of "page-faults,cycles". -EINVAL where a name is unknown, too often there, or too many are. */
int counters_parse(struct counters *c, const char *list, char *why, size_t why_size);

/* Opens what is to be had here; of the rest it says why. 0 or -ENOMEM. */
int counters_open(struct counters *c);
void counters_close(struct counters *c);

#endif
