// SPDX-License-Identifier: GPL-2.0
/* Which strategy, by its number in the request. */
#include "strategy.h"

static const struct strategy *const strategies[NR_STRATEGIES] = {
	[STRATEGY_QUIET] = &strategy_quiet,  [STRATEGY_RANDOM] = &strategy_random,
	[STRATEGY_PCT] = &strategy_pct,	     [STRATEGY_POS] = &strategy_pos,
	[STRATEGY_SURW] = &strategy_surw,    [STRATEGY_RF] = &strategy_rf,
	[STRATEGY_REPLAY] = &strategy_quiet,
};

static const struct strategy *chosen = &strategy_quiet;

void strategy_begin(void)
{
	chosen = strategies[shm->strategy % NR_STRATEGIES];
	random_seed(shm->seed);
	if (chosen->begin)
		chosen->begin();
}

struct thread *strategy_pick(struct thread **candidates, int n, struct thread *last)
{
	return chosen->pick(candidates, n, last);
}

void strategy_did(struct thread *t)
{
	if (chosen->did)
		chosen->did(t);
}

void strategy_born(struct thread *parent, struct thread *child)
{
	if (chosen->born)
		chosen->born(parent, child);
}
