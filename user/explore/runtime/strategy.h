/* SPDX-License-Identifier: GPL-2.0 */
/* How the next thread is chosen: each strategy is a file, found by its number in the request. */
#ifndef ONCPU_EXPLORE_STRATEGY_H
#define ONCPU_EXPLORE_STRATEGY_H

#include "runtime.h"

struct strategy {
	void (*begin)(void);
	/* One of the n candidates, n > 1. Each is about to do its op, and could. */
	struct thread *(*pick)(struct thread **candidates, int n, struct thread *last);
	void (*did)(struct thread *t); /* t has the turn and does its op now */
	void (*born)(struct thread *parent, struct thread *child);
};

extern const struct strategy strategy_quiet, strategy_random, strategy_pct, strategy_pos,
	strategy_surw, strategy_rf;

void strategy_begin(void);
struct thread *strategy_pick(struct thread **candidates, int n, struct thread *last);
void strategy_did(struct thread *t);
void strategy_born(struct thread *parent, struct thread *child);

/* Follows a schedule that is known. */
struct thread *replay_pick(struct thread **ready, int n);

/* POS, on which others build. */
void pos_did(struct thread *t);
struct thread *pos_pick(struct thread **candidates, int n, struct thread *last);
bool ops_conflict(const struct op *a, const struct op *b);

#endif
