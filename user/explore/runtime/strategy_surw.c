// SPDX-License-Identifier: GPL-2.0
/*
 * SURW (selectively uniform random walk, Zhao et al., 2025): the accesses to one place (delta, drawn
 * by the explorer) are interleaved so that each interleaving of them is as likely as any other: the
 * next to access it is drawn with the weight of the accesses that a thread still has to do, as
 * earlier runs counted them, its children's included until they are born. All else walks at random.
 */
#include "strategy.h"

static uint32_t left[MAX_THREADS];
static int intended;
static uint32_t delays;

/* The one that is waited for may never come. */
#define PATIENCE 2000

static uint32_t count_of(uint32_t name)
{
	uint32_t i;

	for (i = 0; i < shm->nr_counts; i++)
		if (shm->counts[i].name == name)
			return shm->counts[i].count;
	return 0;
}

static void intend(void)
{
	uint64_t sum = 0, x;
	int i;

	intended = NOBODY;
	for (i = 0; i < nr_threads; i++)
		if (threads[i].state == THREAD_LIVE)
			sum += left[i];
	if (!sum)
		return;
	x = random_below(sum);
	for (i = 0; i < nr_threads; i++) {
		if (threads[i].state != THREAD_LIVE)
			continue;
		if (x < left[i]) {
			intended = i;
			return;
		}
		x -= left[i];
	}
}

static void surw_begin(void)
{
	left[0] = count_of(threads[0].name);
	intend();
}

static void surw_born(struct thread *parent, struct thread *child)
{
	uint32_t count = count_of(child->name), sum;

	left[child->id] = count;
	left[parent->id] -= left[parent->id] < count ? left[parent->id] : count;
	sum = left[parent->id] + count;
	if (intended == parent->id && sum && random_below(sum) < count)
		intended = child->id;
}

static bool in_delta(const struct thread *t)
{
	return shm->delta && t->op.addr == shm->delta;
}

static void surw_did(struct thread *t)
{
	t->priority = 0;
	if (!in_delta(t))
		return;
	if (left[t->id])
		left[t->id]--;
	intend();
}

static struct thread *surw_pick(struct thread **candidates, int n, struct thread *last)
{
	struct thread *allowed[MAX_THREADS];
	int i, kept = 0;

	if (intended >= 0 && (threads[intended].state != THREAD_LIVE || !left[intended]))
		intend();
	for (i = 0; i < n; i++)
		if (intended < 0 || candidates[i]->id == intended || !in_delta(candidates[i]))
			allowed[kept++] = candidates[i];
	if (kept == n)
		delays = 0;
	if (kept && ++delays < PATIENCE)
		return pos_pick(allowed, kept, last);
	delays = 0;
	intended = NOBODY;
	return pos_pick(candidates, n, last);
}

const struct strategy strategy_surw = { surw_begin, surw_pick, surw_did, surw_born };
