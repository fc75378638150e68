// SPDX-License-Identifier: GPL-2.0
/* Mutexes of each kind. */
#include <errno.h>

#include "runtime.h"

/* owner_died, of a robust mutex */
enum { OWNER_FINE, OWNER_DIED, TO_RECOVER, NOT_RECOVERABLE };

static void read_kind(struct object *o, const pthread_mutex_t *m)
{
#if defined(__GLIBC__)
	int kind = m->__data.__kind;

	o->type = (uint8_t)(kind & 3);
	o->robust = (kind & 16) != 0;
#endif
}

struct object *mutex_of(struct thread *t, pthread_mutex_t *m, uint64_t pc)
{
	struct object *o = object_of(t, m, OBJECT_MUTEX, pc);

	if (!o->state) {
		read_kind(o, m);
		o->state = 1;
	}
	return o;
}

static bool is_free(struct thread *t)
{
	struct object *o = t->op.object;

	return o->owner == NOBODY || o->destroyed || time_is_up(t);
}

static void take(struct thread *t, struct object *o, uint64_t pc, bool could_block)
{
	o->owner = (int16_t)t->id;
	o->count = 1;
	o->pc = pc;
	clock_acquire(t, o, true);
	held_add(t, o, pc, could_block);
	spin_changed(t);
}

static int taken(struct thread *t, struct object *o, uint64_t pc, bool could_block)
{
	if (o->owner_died == NOT_RECOVERABLE)
		return ENOTRECOVERABLE;
	take(t, o, pc, could_block);
	if (!o->owner_died)
		return 0;
	o->owner_died = TO_RECOVER;
	return EOWNERDEAD;
}

/* It has it already: what then, is the kind's to say. */
static int again(struct thread *t, struct object *o, bool blocks, uint64_t deadline, uint64_t pc)
{
	if (o->type == PTHREAD_MUTEX_RECURSIVE_NP) {
		o->count++;
		return 0;
	}
	if (!blocks)
		return EBUSY;
	if (o->type == PTHREAD_MUTEX_ERRORCHECK_NP)
		return EDEADLK;
	if (deadline)
		return ETIMEDOUT;
	t->op.kind = OP_LOCK;
	t->op.addr = o->addr;
	fail_about(FOUND_RELOCK, t, o, pc);
}

int mutex_lock(struct thread *t, pthread_mutex_t *m, uint64_t deadline, uint64_t pc)
{
	struct object *o = mutex_of(t, m, pc);

	if (o->owner == t->id)
		return again(t, o, true, deadline, pc);
	if (deadline)
		object_tried();
	object_op(t, OP_LOCK, o, is_free, deadline, pc);
	if (o->destroyed)
		fail_about(FOUND_USE_DESTROYED, t, o, pc);
	if (o->owner != NOBODY) {
		time_ran_out(t);
		return ETIMEDOUT;
	}
	return taken(t, o, pc, !deadline);
}

int mutex_trylock(struct thread *t, pthread_mutex_t *m, uint64_t pc)
{
	struct object *o = mutex_of(t, m, pc);

	if (o->owner == t->id)
		return again(t, o, false, 0, pc);
	object_tried();
	object_announce(t, OP_TRYLOCK, o, pc);
	point(t);
	if (o->owner != NOBODY) {
		pairs_read(t, &o->access);
		spin_read(t, memory_version(o->addr));
		log_value(t, 0, EVENT_FAILED);
		return EBUSY;
	}
	pairs_sync(t, o);
	return taken(t, o, pc, false);
}

int mutex_unlock(struct thread *t, pthread_mutex_t *m, uint64_t pc)
{
	struct object *o = mutex_of(t, m, pc);

	if (o->owner == t->id && o->count > 1) {
		o->count--;
		return 0;
	}
	object_announce(t, OP_UNLOCK, o, pc);
	t->op.decide = nr_live > 1 && held_undecided(t, o);
	object_point(t);
	if (o->owner != t->id) {
		if (o->type != PTHREAD_MUTEX_TIMED_NP && o->type != PTHREAD_MUTEX_ADAPTIVE_NP)
			return EPERM;
		if (o->robust)
			return EPERM;
		fail_about(o->owner == NOBODY ? FOUND_UNLOCK_FREE : FOUND_UNLOCK_OTHER, t, o, pc);
	}
	mutex_release(t, o);
	return 0;
}

/* Also what a condition variable's wait begins with. */
void mutex_release(struct thread *t, struct object *o)
{
	if (o->owner_died == TO_RECOVER)
		o->owner_died = NOT_RECOVERABLE;
	o->owner = NOBODY;
	o->count = 0;
	o->access.version++;
	clock_release(t, o, true);
	held_remove(t, o);
	spin_changed(t);
}

void mutex_take_again(struct thread *t, struct object *o, uint64_t pc)
{
	take(t, o, pc, true);
}

INSTEAD int pthread_mutex_init(pthread_mutex_t *m, const pthread_mutexattr_t *attr)
{
	IN_RUN(t)
	return REAL(pthread_mutex_init, m, attr);
	REAL(pthread_mutex_init, m, attr);
	object_new(m, OBJECT_MUTEX);
	return 0;
}

INSTEAD int pthread_mutex_destroy(pthread_mutex_t *m)
{
	struct object *o;

	IN_RUN(t)
	return REAL(pthread_mutex_destroy, m);
	o = mutex_of(t, m, HERE());
	object_op(t, OP_DESTROY, o, NULL, 0, HERE());
	if (o->owner != NOBODY)
		fail_about(FOUND_DESTROY_BUSY, t, o, HERE());
	object_destroy(t, o, m, HERE());
	return 0;
}

INSTEAD int pthread_mutex_lock(pthread_mutex_t *m)
{
	IN_RUN(t)
	return REAL(pthread_mutex_lock, m);
	return mutex_lock(t, m, 0, HERE());
}

INSTEAD int pthread_mutex_timedlock(pthread_mutex_t *m, const struct timespec *until)
{
	IN_RUN(t)
	return REAL(pthread_mutex_timedlock, m, until);
	return mutex_lock(t, m, time_deadline(CLOCK_REALTIME, until), HERE());
}

INSTEAD int pthread_mutex_clocklock(pthread_mutex_t *m, clockid_t clock,
				    const struct timespec *until)
{
	IN_RUN(t)
	return EINVAL;
	return mutex_lock(t, m, time_deadline(clock, until), HERE());
}

INSTEAD int pthread_mutex_trylock(pthread_mutex_t *m)
{
	IN_RUN(t)
	return REAL(pthread_mutex_trylock, m);
	return mutex_trylock(t, m, HERE());
}

INSTEAD int pthread_mutex_unlock(pthread_mutex_t *m)
{
	IN_RUN(t)
	return REAL(pthread_mutex_unlock, m);
	return mutex_unlock(t, m, HERE());
}

INSTEAD int pthread_mutex_consistent(pthread_mutex_t *m)
{
	struct object *o;

	IN_RUN(t)
	return REAL(pthread_mutex_consistent, m);
	o = mutex_of(t, m, HERE());
	if (o->owner_died != TO_RECOVER)
		return EINVAL;
	o->owner_died = 0;
	return 0;
}
