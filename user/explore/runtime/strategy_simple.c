// SPDX-License-Identifier: GPL-2.0
/* The two plain ones: never switch without need, and switch at random. */
#include "strategy.h"

static struct thread *quiet_pick(struct thread **candidates, int n, struct thread *last)
{
	int i;

	for (i = 0; i < n; i++)
		if (candidates[i] == last)
			return last;
	for (i = 0; i < n; i++)
		if (candidates[i]->id > last->id)
			return candidates[i];
	return candidates[0];
}

static struct thread *random_pick(struct thread **candidates, int n, struct thread *last)
{
	(void)last;
	return candidates[random_below((uint64_t)n)];
}

const struct strategy strategy_quiet = { .pick = quiet_pick };
const struct strategy strategy_random = { .pick = random_pick };
