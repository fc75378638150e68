// SPDX-License-Identifier: GPL-2.0
/*
 * PCT (Burckhardt et al., 2010): a random order of priorities, the highest that can runs; at
 * depth - 1 random moments whoever runs drops below all. Finds a bug of depth d with a probability
 * of at least 1/(n k^(d-1)).
 */
#include "strategy.h"

#define MAX_DEPTH 8
#define PATIENCE  2000 /* so many choices in a row, and it is made to wait: it may be spinning */

static uint32_t change_at[MAX_DEPTH], nr_decided, in_a_row;
static uint64_t lowest;

static void pct_begin(void)
{
	uint32_t i;

	lowest = 1u << 20;
	for (i = 0; i + 1 < shm->depth && i < MAX_DEPTH; i++)
		change_at[i] = 1 + (uint32_t)random_below(shm->est_steps ? shm->est_steps : 100);
	threads[0].priority = (1u << 20) + (random_next() >> 20);
}

static void pct_born(struct thread *parent, struct thread *child)
{
	(void)parent;
	child->priority = (1u << 20) + (random_next() >> 20);
}

static void pct_did(struct thread *t)
{
	uint32_t i;

	if (!t->op.decide)
		return;
	nr_decided++;
	for (i = 0; i + 1 < shm->depth && i < MAX_DEPTH; i++)
		if (change_at[i] == nr_decided)
			t->priority = --lowest;
	if (t->op.kind == OP_YIELD || t->op.kind == OP_SLEEP || t->op.deadline_ns)
		t->priority = --lowest;
}

static struct thread *pct_pick(struct thread **candidates, int n, struct thread *last)
{
	struct thread *best = candidates[0];
	int i;

	for (i = 1; i < n; i++)
		if (candidates[i]->priority > best->priority)
			best = candidates[i];
	in_a_row = best == last ? in_a_row + 1 : 0;
	if (in_a_row > PATIENCE) {
		best->priority = --lowest;
		in_a_row = 0;
	}
	return best;
}

const struct strategy strategy_pct = { pct_begin, pct_pick, pct_did, pct_born };
