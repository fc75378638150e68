// SPDX-License-Identifier: GPL-2.0
/*
 * Spinning: a thread that comes back to a read it has done before, finds the same place unchanged,
 * and has changed nothing itself in between, would do so for ever. It comes last until somebody
 * changes what it looks at. One read is remembered (as Brent finds cycles): of every round that is
 * longer than the one before.
 */
#include "runtime.h"

#define ROUNDS_TO_SPIN 2

void spin_changed(struct thread *t)
{
	t->spin.reads = t->spin.rounds = 0;
	t->spin.renew_at = 1;
	t->spinning = false;
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
		return;
	}
	if (s->reads < s->renew_at)
		return;
	s->renew_at = 2 * s->reads;
	s->addr = t->op.addr;
	s->pc = t->op.pc;
	s->version = version;
	s->rounds = 0;
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
