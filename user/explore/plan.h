/* SPDX-License-Identifier: GPL-2.0 */
/* What the next schedule is to be: the strategy and its parameters, from what was learned. */
#ifndef ONCPU_EXPLORE_PLAN_H
#define ONCPU_EXPLORE_PLAN_H

#include "explore/explore.h"
#include "explore/learn.h"

/* Writes the request for the number-th schedule (from 1). Returns the strategy that it uses. */
enum explore_strategy plan_next(struct learned *l, struct shared *s, enum explore_strategy wanted,
				uint64_t seed, uint32_t number);

#endif
