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
	uint64_t nr_queued;  /* tasks that came to its queue */
	uint64_t nr_held;    /* of those, held back */
	uint64_t nr_stalled; /* of those, at a system call */
	uint64_t nr_eras;    /* changes of all priorities */
	uint64_t nr_calls;   /* ends of system calls while the target was two tasks or more, */
	uint64_t shared_ns;  /* and how long it was that */
};

/* From here on it schedules whom ext_take() hands to it. -errno with a sentence and the mend in why. */
int storm_begin(struct storm **storm, char *why, size_t why_size);

/* No weather: for a run that shows what there is to disturb. Counts begin at 0, as below. */
void storm_calm(struct storm *storm);

/*
 * Other weather, fit for what a calm run had. To be called while nobody is scheduled; all tasks together
 * are held back for hold_s at most.
 */
void storm_brew(struct storm *storm, uint64_t seed, const struct storm_counts *calm, double hold_s);

/* Did the kernel throw it out? A sentence in why. */
bool storm_was_thrown_out(const struct storm *storm, char *why, size_t why_size);

void storm_count(const struct storm *storm, struct storm_counts *counts);

/* What the weather is like: "one CPU at a time, ...". */
void storm_describe(const struct storm *storm, char *buf, size_t size);

/* NULL is fine. */
void storm_end(struct storm *storm);

#endif
