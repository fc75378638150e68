// SPDX-License-Identifier: GPL-2.0
/*
 * The locks that a thread holds, and the order in which locks are taken: two threads that take the
 * same two locks in opposite orders can deadlock, though this schedule let them pass. Not told where
 * they cannot meet: where one order was over before the other thread was made (or woken), or where
 * both were under a third lock.
 */
#include "runtime.h"

#define MAX_EDGES 512

struct edge {
	struct object *first, *then;
	uint16_t thread, op;
	int nr_gates;
	struct object *gates[MAX_HELD];
	uint64_t first_pc, then_pc;
	uint32_t clock;
};

static struct edge edges[MAX_EDGES];
static int nr_edges;

static bool share_gate(const struct edge *a, const struct edge *b)
{
	int i, k;

	for (i = 0; i < a->nr_gates; i++)
		for (k = 0; k < b->nr_gates; k++)
			if (a->gates[i] == b->gates[k])
				return true;
	return false;
}

static void report_order(struct thread *t, const struct edge *now, const struct edge *then)
{
	struct shared_finding *f = found(FOUND_LOCK_ORDER, t, now->then_pc);

	if (!f)
		return;
	f->place[0].addr = now->then->addr;
	f->place[0].nr_locks = 1;
	f->place[0].locks[0] = (struct shared_lock){ now->first->addr, now->first_pc };
	f->place[1] = (struct shared_place){ .pc = then->then_pc,
					     .addr = then->then->addr,
					     .thread = then->thread,
					     .op = then->op,
					     .nr_locks = 1 };
	f->place[1].locks[0] = (struct shared_lock){ then->first->addr, then->first_pc };
}

static void order_add(struct thread *t, struct edge *now)
{
	const struct edge *e;

	for (e = edges; e < edges + nr_edges; e++)
		if (e->first == now->then && e->then == now->first && e->thread != now->thread &&
		    e->clock > t->made_clock[e->thread] && !share_gate(e, now))
			report_order(t, now, e);
	for (e = edges; e < edges + nr_edges; e++)
		if (e->first == now->first && e->then == now->then && e->thread == now->thread &&
		    e->nr_gates <= now->nr_gates && e->clock == now->clock)
			return;
	if (nr_edges < MAX_EDGES)
		edges[nr_edges++] = *now;
}

static void note_order(struct thread *t, struct object *o, uint64_t pc)
{
	struct edge now;
	int i, k;

	for (i = 0; i < t->nr_held; i++) {
		now = (struct edge){ .first = t->held[i].object,
				     .then = o,
				     .thread = (uint16_t)t->id,
				     .op = t->op.kind,
				     .first_pc = t->held[i].pc,
				     .then_pc = pc,
				     .clock = t->made_clock[t->id] };
		for (k = 0; k < t->nr_held; k++)
			if (k != i)
				now.gates[now.nr_gates++] = t->held[k].object;
		order_add(t, &now);
	}
}

void held_add(struct thread *t, struct object *o, uint64_t pc, bool could_block)
{
	if (could_block)
		note_order(t, o, pc);
	if (t->nr_held < MAX_HELD)
		t->held[t->nr_held++] = (struct held){ o, pc, false };
}

static int find(const struct thread *t, const struct object *o)
{
	int i;

	for (i = t->nr_held - 1; i >= 0; i--)
		if (t->held[i].object == o)
			return i;
	return NOBODY;
}

void held_remove(struct thread *t, struct object *o)
{
	int i = find(t, o);

	if (i < 0)
		return;
	for (; i + 1 < t->nr_held; i++)
		t->held[i] = t->held[i + 1];
	t->nr_held--;
}

void held_decided(struct thread *t)
{
	int i;

	for (i = 0; i < t->nr_held; i++)
		t->held[i].decided = true;
}

/* Nobody could have seen it held: then its release is worth a decision. */
bool held_undecided(struct thread *t, struct object *o)
{
	int i = find(t, o);

	return shm->locks_tried || (i >= 0 && !t->held[i].decided);
}

void held_at_exit(struct thread *t)
{
	struct shared_finding *f;
	int i;

	for (i = 0; i < t->nr_held; i++) {
		struct object *o = t->held[i].object;

		if (o->robust) {
			o->owner_died = 1;
			o->owner = NOBODY;
			clock_release(t, o, true);
		} else if ((f = found(FOUND_LOCK_LEFT, t, t->held[i].pc))) {
			f->place[0].addr = o->addr;
		}
	}
}
