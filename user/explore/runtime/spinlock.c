// SPDX-License-Identifier: GPL-2.0
/* POSIX spin locks: to the explorer a lock like a mutex; whoever would spin waits. */
#include <errno.h>

#include "runtime.h"

static bool is_free(struct thread *t)
{
	return t->op.object->owner == NOBODY;
}

static void taken(struct thread *t, struct object *o, uint64_t pc, bool could_block)
{
	o->owner = (int16_t)t->id;
	o->pc = pc;
	clock_acquire(t, o, true);
	held_add(t, o, pc, could_block);
	spin_changed(t);
}

INSTEAD int pthread_spin_init(pthread_spinlock_t *l, int shared)
{
	int err = REAL(pthread_spin_init, l, shared);

	if (self())
		object_new((const void *)l, OBJECT_SPIN);
	return err;
}

INSTEAD int pthread_spin_destroy(pthread_spinlock_t *l)
{
	struct object *o;

	IN_RUN(t)
	return REAL(pthread_spin_destroy, l);
	o = object_of(t, (const void *)l, OBJECT_SPIN, HERE());
	object_op(t, OP_DESTROY, o, NULL, 0, HERE());
	if (o->owner != NOBODY)
		fail_about(FOUND_DESTROY_BUSY, t, o, HERE());
	object_destroy(t, o, (void *)l, HERE());
	return 0;
}

INSTEAD int pthread_spin_lock(pthread_spinlock_t *l)
{
	struct object *o;

	IN_RUN(t)
	return REAL(pthread_spin_lock, l);
	o = object_of(t, (const void *)l, OBJECT_SPIN, HERE());
	if (o->owner == t->id) {
		object_announce(t, OP_LOCK, o, HERE());
		fail_about(FOUND_RELOCK, t, o, HERE());
	}
	object_op(t, OP_LOCK, o, is_free, 0, HERE());
	taken(t, o, HERE(), true);
	return 0;
}

INSTEAD int pthread_spin_trylock(pthread_spinlock_t *l)
{
	struct object *o;

	IN_RUN(t)
	return REAL(pthread_spin_trylock, l);
	o = object_of(t, (const void *)l, OBJECT_SPIN, HERE());
	object_tried();
	object_announce(t, OP_TRYLOCK, o, HERE());
	point(t);
	if (o->owner != NOBODY) {
		pairs_read(t, &o->access);
		spin_read(t, memory_version(o->addr));
		log_value(t, 0, EVENT_FAILED);
		return EBUSY;
	}
	pairs_sync(t, o);
	taken(t, o, HERE(), false);
	return 0;
}

INSTEAD int pthread_spin_unlock(pthread_spinlock_t *l)
{
	struct object *o;

	IN_RUN(t)
	return REAL(pthread_spin_unlock, l);
	o = object_of(t, (const void *)l, OBJECT_SPIN, HERE());
	object_announce(t, OP_UNLOCK, o, HERE());
	t->op.decide = nr_live > 1 && held_undecided(t, o);
	object_point(t);
	if (o->owner != t->id)
		fail_about(o->owner == NOBODY ? FOUND_UNLOCK_FREE : FOUND_UNLOCK_OTHER, t, o,
			   HERE());
	o->owner = NOBODY;
	o->access.version++;
	clock_release(t, o, true);
	held_remove(t, o);
	spin_changed(t);
	return 0;
}
