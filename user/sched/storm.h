/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The storm: bpf/sched/storm.bpf.c, which says what it does, with the weather that a seed makes.
 */
#ifndef ONCPU_SCHED_STORM_H
#define ONCPU_SCHED_STORM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct storm;

struct storm_counts {
	uint64_t nr_queued; /* tasks that came to its queue */
	uint64_t nr_held;   /* of those, held back */
	uint64_t nr_eras;   /* change points */
};

/* From here on it schedules whom ext_take() hands to it. -errno with a sentence and the mend in why. */
int storm_begin(struct storm **storm, uint64_t seed, char *why, size_t why_size);

/* Did the kernel throw it out? The tasks then were scheduled fairly. Why is in why. */
bool storm_was_thrown_out(const struct storm *storm, char *why, size_t why_size);

void storm_count(const struct storm *storm, struct storm_counts *counts);

/* "squalls": what the weather of this seed is like. */
const char *storm_weather(uint64_t seed);

/* NULL is fine. */
void storm_end(struct storm *storm);

#endif
