// SPDX-License-Identifier: GPL-2.0
/* Describing what a thread is about to do; lines of the program ("sites"), known by their pc. */
#include "runtime.h"

static uint8_t is_fresh[MAX_SITES + 1]; /* first met in this run: what it touches is unknown yet */

static uint16_t site_of(uint64_t pc)
{
	uint32_t i = (uint32_t)((pc * 0x9e3779b97f4a7c15ull) >> 40) % (2 * MAX_SITES);
	uint16_t site;

	for (;; i = (i + 1) % (2 * MAX_SITES)) {
		site = shm->site_index[i];
		if (!site)
			break;
		if (shm->sites[site].pc == pc)
			return site;
	}
	if (shm->nr_sites == MAX_SITES)
		return 0;
	site = (uint16_t)++shm->nr_sites;
	shm->site_index[i] = site;
	shm->sites[site].pc = pc;
	shm->sites[site].flags = SITE_SEEN;
	is_fresh[site] = 1;
	return site;
}

void site_mark_shared(uint16_t site)
{
	shm->sites[site].flags |= SITE_SHARED;
}

static bool worth_deciding(const struct op *op)
{
	if (op->kind == OP_CREATE || op->kind == OP_JOIN || op->kind == OP_START)
		return false;
	if (op->kind >= OP_FIRST_SYNC || !op->site || is_fresh[op->site])
		return true;
	return shm->sites[op->site].flags & SITE_SHARED || shm->flags & RUN_ALL_SITES;
}

void op_set(struct thread *t, int kind, uint64_t addr, int size, uint64_t pc)
{
	struct op *op = &t->op;

	op->kind = (uint16_t)kind;
	op->size = (uint16_t)size;
	op->addr = addr;
	op->pc = pc;
	op->ready = NULL;
	op->object = op->mutex = NULL;
	op->deadline_ns = 0;
	op->site = site_of(pc);
	op->decide = nr_live > 1 && worth_deciding(op);
	if (op->site)
		shm->sites[op->site].op = (uint32_t)kind;
}

static uint64_t value_at(uint64_t addr, int size)
{
	uint64_t value = 0;

	copy_bytes(&value, (void *)(uintptr_t)addr, size > 8 ? 8 : (size_t)size);
	return value;
}

/* What was written can be read only after the program has written it: when anybody does the next. */
void log_finish(void)
{
	struct shared_event *e;

	if (!shm->nr_events)
		return;
	e = &shm->events[shm->nr_events - 1];
	if (e->flags & EVENT_HAS_VALUE)
		return;
	if (e->op == OP_WRITE || e->op == OP_ATOMIC_WRITE || e->op == OP_ATOMIC_UPDATE) {
		e->value = value_at(e->addr, e->size);
		e->flags |= EVENT_HAS_VALUE;
	}
}

static void log_op(struct thread *t)
{
	struct shared_event *e;

	log_finish();
	if (shm->nr_events == MAX_EVENTS)
		return;
	e = &shm->events[shm->nr_events++];
	*e = (struct shared_event){ .pc = t->op.pc,
				    .addr = t->op.addr,
				    .thread = (uint16_t)t->id,
				    .op = t->op.kind,
				    .size = t->op.size };
	if (t->nr_calls > 1)
		e->callers[0] = t->calls[t->nr_calls - 1];
	if (t->op.kind < OP_FREE) {
		e->before = value_at(e->addr, e->size);
		e->flags = EVENT_HAS_BEFORE;
	}
	t->event = e;
}

/* A result that is not in memory: of a trylock, of a timed wait. */
void log_value(struct thread *t, uint64_t value, int flags)
{
	if (!(shm->flags & RUN_LOG) || !t->event)
		return;
	t->event->value = value;
	t->event->flags |= (uint16_t)flags;
}

void op_done(struct thread *t)
{
	uint64_t what = (uint64_t)t->id << 56 ^ (uint64_t)t->op.kind << 48 ^ (t->op.pc - shm->base);

	shm->hash = (shm->hash ^ what) * 1099511628211ull;
	if (shm->flags & RUN_LOG)
		log_op(t);
}
