// SPDX-License-Identifier: GPL-2.0
/* Who is next: who can run, who is only spinning, and among the others the strategy's choice. */
#include "runtime.h"
#include "strategy.h"

#define LIVELOCK_ROUNDS 100
#define EXIT_PATIENCE	1000
#define VAIN_YIELDS	10000

static uint32_t idle_rounds;
static bool late_exit;
static uint32_t exit_waits;

void choose_begin(void)
{
	late_exit = random_below(4) && shm->strategy != STRATEGY_QUIET &&
		    shm->strategy != STRATEGY_REPLAY;
}

static int collect(struct thread **list)
{
	int n = 0, i;

	for (i = 0; i < nr_threads; i++)
		if (is_ready(&threads[i]))
			list[n++] = &threads[i];
	return n;
}

/* All spin: each in turn, and if that changes nothing for long, nothing ever will. */
static struct thread *rotate(struct thread **list, int n, struct thread *last)
{
	int i;

	for (i = 0; i < n && list[i]->spin.proven;)
		i++;
	idle_rounds = i == n ? idle_rounds + 1 : 0;
	if (idle_rounds > LIVELOCK_ROUNDS)
		fail(FOUND_LIVELOCK, last, last->op.pc);
	for (i = 0; i < n; i++)
		if (list[i]->id > last->id)
			return list[i];
	return list[0];
}

/* The end of the program ends all: in most schedules the others are let finish first. */
static int drop_exit(struct thread **list, int n)
{
	int kept = 0, i;
	struct thread *leaving = NULL;

	if (n == 1)
		return n;
	for (i = 0; i < n; i++) {
		if (list[i]->op.kind == OP_EXIT)
			leaving = list[i];
		else
			list[kept++] = list[i];
	}
	if (!leaving)
		return n;
	if (++exit_waits > EXIT_PATIENCE) {
		list[0] = leaving; /* the others may never end */
		return 1;
	}
	if (!late_exit || !kept)
		list[kept++] = leaving;
	return kept;
}

/* Those who would only look again at what nobody changed come last; before them who yields now. */
static int drop_idle(struct thread **list, int n, struct thread *last)
{
	int kept = 0, i;

	for (i = 0; i < n; i++)
		if (!spin_still(list[i]))
			list[kept++] = list[i];
	for (i = 0; kept > 1 && i < kept; i++)
		if (list[i] == last && last->yielded)
			list[i] = list[--kept];
	last->yielded = false;
	return kept;
}

/* It yields and yields, and there is nobody to yield to who could change anything. */
static void yields_in_vain(struct thread *t)
{
	if (t->op.kind != OP_YIELD && t->op.kind != OP_SLEEP)
		return;
	if (++t->vain_yields > VAIN_YIELDS)
		fail(FOUND_LIVELOCK, t, t->op.pc);
}

static struct thread *choose_among(struct thread **list, int n, struct thread *last)
{
	struct thread *all[MAX_THREADS];
	int i, kept;

	for (i = 0; i < n; i++) {
		if (!list[i]->op.decide)
			return list[i]; /* what nobody can notice need not be chosen */
		all[i] = list[i];
	}
	kept = drop_idle(list, drop_exit(list, n), last);
	if (!kept)
		return rotate(all, n, last);
	idle_rounds = 0;
	if (n == 1 && nr_live > 1)
		yields_in_vain(last);
	else
		last->vain_yields = 0;
	if (kept == 1)
		return list[0];
	shm->nr_choices++;
	return strategy_pick(list, kept, last);
}

struct thread *choose(struct thread *last)
{
	struct thread *list[MAX_THREADS];
	int n;

	bool away = away_settle();

	while (!(n = collect(list)))
		if (!time_jump() && !kernel_wait()) {
			if (away)
				return NULL;
			fail_stuck();
		}
	if (shm->strategy == STRATEGY_REPLAY) {
		struct thread *next = replay_pick(list, n);

		if (next)
			return next;
	}
	return choose_among(list, n, last);
}
