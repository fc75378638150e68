/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the runs of an exploration have taught: which places threads share and how often each thread
 * comes to them, and which line read what which line wrote, alone and together with what else.
 */
#ifndef ONCPU_EXPLORE_LEARN_H
#define ONCPU_EXPLORE_LEARN_H

#include <stdbool.h>
#include <stdint.h>

#include "explore/shared.h"

#define LEARN_PAIRS 512

struct learned_pair {
	uint16_t writer, reader, nr_readers;
	uint32_t seen, tried;
};

struct learned_place {
	uint64_t addr;
	uint32_t nr_names; /* threads that come here */
	uint32_t tried;
};

struct learned {
	uint32_t nr_runs, nr_pairs, nr_places, nr_counts, nr_names;
	uint32_t max_choices; /* decisions of the longest run */
	struct learned_pair pairs[LEARN_PAIRS];
	uint16_t together[LEARN_PAIRS][LEARN_PAIRS];
	uint16_t tried_together[LEARN_PAIRS][LEARN_PAIRS];
	struct learned_place places[MAX_PROFILE];
	struct shared_count counts[4 * MAX_PROFILE];
	struct {
		uint32_t name, parent;
	} names[MAX_THREADS];
};

/* After each run. */
void learn_from(struct learned *l, const struct shared *s);
/* How often a thread and those that it makes come to the place. */
void learn_counts(const struct learned *l, uint64_t addr, struct shared *s);
/* The lines that write what the pair's reader reads. */
void learn_rivals(const struct learned *l, const struct learned_pair *p,
		  struct shared_constraint *c);

#endif
