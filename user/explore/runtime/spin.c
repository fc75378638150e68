// SPDX-License-Identifier: GPL-2.0
/*
 * Spinning: a thread that comes back to a read it has done before, finds the same place unchanged,
 * and has changed nothing itself in between, would do so for ever. It comes last until somebody
 * changes what it looks at. One read is remembered (as Brent finds cycles): of every round that is
 * longer than the one before.
 */
#include "runtime.h"

#define ROUNDS_TO_SPIN 2
#define ROUNDS_TO_HASH 8 /* looked at its stack; and again after as many more */
#define MAX_STACK      8192

/* At -O0 all that a thread knows by itself stands on its stack. */
static uint64_t hash_of_stack(const struct thread *t)
{
	const char *p = t->frame, *end = t->stack_top;
	uint64_t h = 14695981039346656037ull;

	if (!p || !end || p > end)
		return 0;
	if (end - p > MAX_STACK)
		end = p + MAX_STACK;
	for (; p < end; p++)
		h = (h ^ (unsigned char)*p) * 1099511628211ull;
	return h | 1;
}

/* The same stack, the same memory: it goes round for ever, unless another changes something. */
static void prove(struct thread *t)
{
	if (t->spin.rounds == ROUNDS_TO_HASH)
		t->spin.stack = hash_of_stack(t);
	if (t->spin.rounds == 2 * ROUNDS_TO_HASH && t->spin.stack)
		t->spin.proven = hash_of_stack(t) == t->spin.stack;
	if (t->spin.rounds == 2 * ROUNDS_TO_HASH && !t->spin.proven)
		t->spin.rounds = ROUNDS_TO_SPIN;
}

void spin_changed(struct thread *t)
{
	t->spin.reads = t->spin.rounds = 0;
	t->spin.renew_at = 1;
	t->spinning = t->spin.proven = false;
}

void spin_read(struct thread *t, uint64_t version)
{
	struct spin *s = &t->spin;

	s->reads++;
	if (s->addr == t->op.addr && s->pc == t->op.pc && s->version == version) {
		if (++s->rounds >= ROUNDS_TO_SPIN) {
			t->spinning = true;
			t->wait_version = version;
		}
		prove(t);
		return;
	}
	if (s->reads < s->renew_at)
		return;
	s->renew_at = 2 * s->reads;
	s->addr = t->op.addr;
	s->pc = t->op.pc;
	s->version = version;
	s->rounds = 0;
	s->proven = false;
	t->spinning = false;
}

bool spin_still(struct thread *t)
{
	if (!t->spinning)
		return false;
	if (memory_version(t->spin.addr) == t->wait_version)
		return true;
	spin_changed(t);
	return false;
}
