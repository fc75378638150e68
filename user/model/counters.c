// SPDX-License-Identifier: GPL-2.0
/*
 * Counters: a CPU's, read at each SWITCH. What they advanced by from one to the next is the doing of
 * the thread that came with the first and left with the second. Where a record between is missing,
 * or they are another's, it is nobody's.
 */
#include "model/build.h"

#define UNREAD UINT64_MAX

/* A SWITCH: its COUNTER records, if there are any, come next on this CPU. */
void counters_switch(struct place *p, const struct oncpu_record *r)
{
	p->nr_switches++;
	p->left = r->tid;
	p->came = r->sched_switch.next_tid;
}

static void take_one(struct build *b, struct place *p, size_t i, uint64_t value)
{
	struct counted *c = &p->counted[i];
	struct life *l = p->left ? life_find(b, p->left) : NULL;
	bool whole = c->at && c->at + 1 == p->nr_switches && c->came == p->left;

	if (l && whole && c->value != UNREAD && value != UNREAD && value > c->value)
		l->thread.counted[i] += value - c->value;
	*c = (struct counted){ .at = p->nr_switches, .value = value, .came = p->came };
}

void counters_take(struct build *b, struct place *p, const struct oncpu_record *r)
{
	size_t i = r->flags;

	if (!p->nr_switches || i + 1 >= TRACE_MAX_COUNTERS)
		return;
	b->counted = true;
	take_one(b, p, i, r->counter[0]);
	take_one(b, p, i + 1, r->counter[1]);
}

void counters_finish(struct build *b)
{
	b->m->counters = (const char *const *)b->t->counter_names;
	b->m->nr_counters = b->counted ? b->t->nr_counters : 0;
}
