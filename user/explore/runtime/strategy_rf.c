// SPDX-License-Identifier: GPL-2.0
/*
 * Reads-from: the request names a few "this line reads what that line wrote" (0: the initial value),
 * chosen by the explorer because it has seldom or never seen them together. A thread about to spoil
 * one waits, as long as another can run; all else is POS.
 */
#include "strategy.h"

enum { OPEN, MET, LOST };

static uint8_t state[MAX_CONSTRAINTS];
static uint8_t times_met[MAX_CONSTRAINTS];

static uint32_t delays;

/* The others may go on for ever without what is waited for. */
#define PATIENCE 2000

static void give_up(void)
{
	uint32_t i;

	for (i = 0; i < shm->nr_constraints; i++)
		if (state[i] == OPEN)
			state[i] = LOST;
}

static bool is_rival(const struct shared_constraint *c, uint16_t site)
{
	int i;

	for (i = 0; i < c->nr_rivals; i++)
		if (c->rivals[i] == site)
			return true;
	return false;
}

/* Whether doing the operation now would spoil the constraint. */
static bool spoils(const struct op *op, const struct shared_constraint *c)
{
	uint16_t writer;

	if (!op->site || op->kind == OP_UNLOCK)
		return false;
	if (op->site == c->reader)
		return memory_last_writer(op) != c->writer;
	if (!is_rival(c, op->site))
		return false;
	writer = memory_last_writer(op);
	return writer == c->writer; /* what the reader is to read is there now */
}

static int spoiled_by(const struct thread *t)
{
	uint32_t i;

	for (i = 0; i < shm->nr_constraints; i++)
		if (state[i] == OPEN && spoils(&t->op, &shm->constraints[i]))
			return (int)i;
	return NOBODY;
}

/* Before the operation is done, so that the last writer is the one that it reads from. */
static void rf_did(struct thread *t)
{
	uint32_t i;

	for (i = 0; i < shm->nr_constraints; i++) {
		const struct shared_constraint *c = &shm->constraints[i];

		if (state[i] != OPEN || t->op.site != c->reader)
			continue;
		if (memory_last_writer(&t->op) == c->writer && ++times_met[i] >= c->nr_readers)
			state[i] = MET;
	}
	pos_did(t);
}

static struct thread *rf_pick(struct thread **candidates, int n, struct thread *last)
{
	struct thread *allowed[MAX_THREADS], *next;
	int i, kept = 0;

	for (i = 0; i < n; i++)
		if (spoiled_by(candidates[i]) < 0)
			allowed[kept++] = candidates[i];
	if (kept < n && ++delays > PATIENCE)
		give_up();
	if (kept)
		return pos_pick(allowed, kept, last);
	next = pos_pick(candidates, n, last);
	while ((i = spoiled_by(next)) >= 0)
		state[i] = LOST;
	return next;
}

const struct strategy strategy_rf = { .pick = rf_pick, .did = rf_did };
