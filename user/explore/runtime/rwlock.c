// SPDX-License-Identifier: GPL-2.0
/* Read-write locks: count is the number of readers, owner the writer. */
#include <errno.h>

#include "runtime.h"

static bool no_writer(struct thread *t)
{
	struct object *o = t->op.object;

	return o->owner == NOBODY || o->destroyed || time_is_up(t);
}

static bool nobody(struct thread *t)
{
	struct object *o = t->op.object;

	return (o->owner == NOBODY && !o->count) || o->destroyed || time_is_up(t);
}

static bool is_held(const struct thread *t, const struct object *o)
{
	int i;

	for (i = 0; i < t->nr_held; i++)
		if (t->held[i].object == o)
			return true;
	return false;
}

static void taken(struct thread *t, struct object *o, bool writes, uint64_t pc, bool could_block)
{
	if (writes)
		o->owner = (int16_t)t->id;
	else
		o->count++;
	o->pc = pc;
	clock_acquire(t, o, true);
	if (!writes && !o->read_clock)
		clock_of(&o->read_clock);
	held_add(t, o, pc, could_block);
	spin_changed(t);
}

/* A writer learns also from the readers before it. */
static void learn(struct thread *t, struct object *o, bool writes)
{
	if (writes && o->read_clock)
		clock_join(t->clock, o->read_clock);
}

static int lock(struct thread *t, pthread_rwlock_t *l, bool writes, uint64_t deadline, uint64_t pc)
{
	struct object *o = object_of(t, l, OBJECT_RWLOCK, pc);

	if (o->owner == t->id)
		return EDEADLK;
	if (writes && is_held(t, o) && !deadline) {
		object_announce(t, OP_WRLOCK, o, pc);
		fail_about(FOUND_RELOCK, t, o, pc);
	}
	object_op(t, writes ? OP_WRLOCK : OP_RDLOCK, o, writes ? nobody : no_writer, deadline, pc);
	if (o->destroyed)
		fail_about(FOUND_USE_DESTROYED, t, o, pc);
	if (o->owner != NOBODY || (writes && o->count)) {
		time_ran_out(t);
		return ETIMEDOUT;
	}
	taken(t, o, writes, pc, !deadline);
	learn(t, o, writes);
	return 0;
}

static int trylock(struct thread *t, pthread_rwlock_t *l, bool writes, uint64_t pc)
{
	struct object *o = object_of(t, l, OBJECT_RWLOCK, pc);

	object_tried();
	object_announce(t, OP_TRYLOCK, o, pc);
	point(t);
	if (o->owner != NOBODY || (writes && o->count)) {
		pairs_read(t, &o->access);
		spin_read(t, memory_version(o->addr));
		log_value(t, 0, EVENT_FAILED);
		return EBUSY;
	}
	pairs_sync(t, o);
	taken(t, o, writes, pc, false);
	learn(t, o, writes);
	return 0;
}

static int unlock(struct thread *t, pthread_rwlock_t *l, uint64_t pc)
{
	struct object *o = object_of(t, l, OBJECT_RWLOCK, pc);

	object_announce(t, OP_UNLOCK, o, pc);
	t->op.decide = nr_live > 1 && held_undecided(t, o);
	object_point(t);
	if (!is_held(t, o))
		fail_about(o->owner == NOBODY && !o->count ? FOUND_UNLOCK_FREE : FOUND_UNLOCK_OTHER,
			   t, o, pc);
	held_remove(t, o);
	o->access.version++;
	if (o->owner == t->id) {
		o->owner = NOBODY;
		clock_release(t, o, true);
	} else {
		o->count--;
		clock_join(clock_of(&o->read_clock), t->clock);
		clock_tick(t);
	}
	spin_changed(t);
	return 0;
}

INSTEAD int pthread_rwlock_init(pthread_rwlock_t *l, const pthread_rwlockattr_t *attr)
{
	int err = REAL(pthread_rwlock_init, l, attr);

	if (self())
		object_new(l, OBJECT_RWLOCK);
	return err;
}

INSTEAD int pthread_rwlock_destroy(pthread_rwlock_t *l)
{
	struct object *o;

	IN_RUN(t)
	return REAL(pthread_rwlock_destroy, l);
	o = object_of(t, l, OBJECT_RWLOCK, HERE());
	object_op(t, OP_DESTROY, o, NULL, 0, HERE());
	if (o->owner != NOBODY || o->count)
		fail_about(FOUND_DESTROY_BUSY, t, o, HERE());
	object_destroy(t, o, l, HERE());
	return 0;
}

#define LOCK(name, writes)                            \
	INSTEAD int name(pthread_rwlock_t *l)         \
	{                                             \
		IN_RUN(t)                             \
		return REAL(name, l);                 \
		return lock(t, l, writes, 0, HERE()); \
	}
LOCK(pthread_rwlock_rdlock, false)
LOCK(pthread_rwlock_wrlock, true)

#define TRYLOCK(name, writes)                         \
	INSTEAD int name(pthread_rwlock_t *l)         \
	{                                             \
		IN_RUN(t)                             \
		return REAL(name, l);                 \
		return trylock(t, l, writes, HERE()); \
	}
TRYLOCK(pthread_rwlock_tryrdlock, false)
TRYLOCK(pthread_rwlock_trywrlock, true)

#define TIMEDLOCK(name, writes)                                                          \
	INSTEAD int name(pthread_rwlock_t *l, const struct timespec *until)              \
	{                                                                                \
		IN_RUN(t)                                                                \
		return REAL(name, l, until);                                             \
		return lock(t, l, writes, time_deadline(CLOCK_REALTIME, until), HERE()); \
	}
TIMEDLOCK(pthread_rwlock_timedrdlock, false)
TIMEDLOCK(pthread_rwlock_timedwrlock, true)

INSTEAD int pthread_rwlock_unlock(pthread_rwlock_t *l)
{
	IN_RUN(t)
	return REAL(pthread_rwlock_unlock, l);
	return unlock(t, l, HERE());
}
