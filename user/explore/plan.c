// SPDX-License-Identifier: GPL-2.0
#include "explore/plan.h"

#include <string.h>

/*
 * What the mix is made of, in turn. The first run knows nothing and walks by POS over all accesses;
 * SURW finds most bugs soonest, reads-from those that need two rare things at once, PCT those that
 * need one thread to be very late.
 */
static const enum explore_strategy mix[] = {
	EXPLORE_RF, EXPLORE_SURW, EXPLORE_RF,	EXPLORE_SURW,
	EXPLORE_RF, EXPLORE_PCT,  EXPLORE_SURW, EXPLORE_RF,
};

static uint64_t state;

static uint64_t next_random(void)
{
	uint64_t z = state += 0x9e3779b97f4a7c15ull;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ull;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebull;
	return z ^ (z >> 31);
}

static uint32_t below(uint32_t n)
{
	return (uint32_t)((next_random() >> 32) * n >> 32);
}

/* Of the places that threads share, one of those that had their turn least often. */
static bool plan_surw(struct learned *l, struct shared *s)
{
	struct learned_place *best = NULL;
	uint32_t i, ties = 0;

	for (i = 0; i < l->nr_places; i++) {
		struct learned_place *p = &l->places[i];

		if (p->nr_names < 2)
			continue;
		if (!best || p->tried < best->tried) {
			best = p;
			ties = 1;
		} else if (p->tried == best->tried && !below(++ties)) {
			best = p;
		}
	}
	if (!best)
		return false;
	best->tried++;
	s->delta = best->addr;
	learn_counts(l, best->addr, s);
	return true;
}

/* How well known it is what the pairs would show together: the less, the better. */
static uint64_t known(const struct learned *l, const uint32_t *pairs, int n)
{
	uint64_t sum = 0;
	int i, k;

	for (i = 0; i < n; i++)
		for (k = i; k < n; k++)
			sum += l->together[pairs[i]][pairs[k]] +
			       2ull * l->tried_together[pairs[i]][pairs[k]];
	return sum * 6 / (uint64_t)(n * (n + 1));
}

static bool draw_pairs(const struct learned *l, uint32_t *pairs, int n)
{
	int i, k;

	for (i = 0; i < n; i++) {
		pairs[i] = below(l->nr_pairs);
		for (k = 0; k < i; k++)
			if (l->pairs[pairs[k]].reader == l->pairs[pairs[i]].reader)
				return false;
	}
	return true;
}

#define DRAWS 24

static bool plan_rf(struct learned *l, struct shared *s)
{
	uint32_t best[3] = { 0 }, pairs[3], draw = below(10);
	int n = draw < 3 ? 1 : draw < 8 ? 2 : 3, i, k;
	uint64_t best_known = UINT64_MAX, is_known;

	if (!l->nr_pairs)
		return false;
	for (i = 0; i < DRAWS; i++) {
		if (!draw_pairs(l, pairs, n))
			continue;
		is_known = known(l, pairs, n);
		if (is_known >= best_known)
			continue;
		best_known = is_known;
		memcpy(best, pairs, sizeof(best));
	}
	if (best_known == UINT64_MAX)
		n = 1;
	for (i = 0; i < n; i++) {
		learn_rivals(l, &l->pairs[best[i]], &s->constraints[i]);
		l->pairs[best[i]].tried++;
		for (k = 0; k < n; k++)
			l->tried_together[best[i]][best[k]]++;
	}
	s->nr_constraints = (uint32_t)n;
	return true;
}

static enum explore_strategy in_turn(enum explore_strategy wanted, uint32_t number)
{
	if (wanted != EXPLORE_MIX)
		return wanted;
	if (number == 1)
		return EXPLORE_POS;
	return mix[(number - 2) % (sizeof(mix) / sizeof(mix[0]))];
}

enum explore_strategy plan_next(struct learned *l, struct shared *s, enum explore_strategy wanted,
				uint64_t seed, uint32_t number)
{
	static const uint32_t in_runtime[] = {
		[EXPLORE_SURW] = STRATEGY_SURW,	    [EXPLORE_RF] = STRATEGY_RF,
		[EXPLORE_PCT] = STRATEGY_PCT,	    [EXPLORE_POS] = STRATEGY_POS,
		[EXPLORE_RANDOM] = STRATEGY_RANDOM, [EXPLORE_QUIET] = STRATEGY_QUIET,
	};
	enum explore_strategy is = in_turn(wanted, number);

	state = seed * 0x9e3779b97f4a7c15ull + number;
	s->seed = next_random();
	s->nr_counts = s->nr_constraints = s->nr_replay = 0;
	s->delta = 0;
	if (is == EXPLORE_SURW)
		plan_surw(l, s);
	if (is == EXPLORE_RF && !plan_rf(l, s))
		is = EXPLORE_POS;
	s->depth = 2 + below(3);
	s->est_steps = l->max_choices;
	s->strategy = in_runtime[is];
	return is;
}
