// SPDX-License-Identifier: GPL-2.0
/*
 * POS, partial order sampling (Yuan et al., 2018): each operation gets a random priority when it is
 * announced; when one is done, those announced that conflict with it get new ones.
 */
#include "strategy.h"

static bool reads_only(const struct op *op)
{
	return op->kind == OP_READ || op->kind == OP_ATOMIC_READ;
}

bool ops_conflict(const struct op *a, const struct op *b)
{
	if (!a->addr || a->addr / 8 != b->addr / 8)
		return false;
	return !(reads_only(a) && reads_only(b));
}

void pos_did(struct thread *t)
{
	int i;

	t->priority = 0; /* the next one's is drawn when it is first looked at */
	for (i = 0; i < nr_threads; i++)
		if (threads[i].state == THREAD_LIVE && &threads[i] != t &&
		    ops_conflict(&threads[i].op, &t->op))
			threads[i].priority = 0;
}

struct thread *pos_pick(struct thread **candidates, int n, struct thread *last)
{
	struct thread *best = NULL;
	int i;

	(void)last;
	for (i = 0; i < n; i++) {
		if (!candidates[i]->priority)
			candidates[i]->priority = random_next() | 1;
		if (!best || candidates[i]->priority > best->priority)
			best = candidates[i];
	}
	return best;
}

const struct strategy strategy_pos = { .pick = pos_pick, .did = pos_did };
