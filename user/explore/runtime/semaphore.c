// SPDX-License-Identifier: GPL-2.0
/* Semaphores: count is the value. */
#include <errno.h>
#include <semaphore.h>

#include "runtime.h"

static struct object *semaphore_of(struct thread *t, sem_t *s, uint64_t pc)
{
	struct object *o = object_find((uint64_t)(uintptr_t)s);
	int value = 0;

	if (o && o->kind == OBJECT_SEMAPHORE)
		return object_of(t, s, OBJECT_SEMAPHORE, pc);
	REAL(sem_getvalue, s, &value); /* made before main(), or by sem_open() */
	o = object_new(s, OBJECT_SEMAPHORE);
	o->count = (uint32_t)value;
	return o;
}

static bool is_up(struct thread *t)
{
	return t->op.object->count || time_is_up(t) || t->cancelled;
}

static int wait(struct thread *t, sem_t *s, uint64_t deadline, uint64_t pc)
{
	struct object *o = semaphore_of(t, s, pc);

	object_op(t, OP_SEM_WAIT, o, is_up, deadline, pc);
	cancel_point(t);
	if (!o->count) {
		time_ran_out(t);
		errno = ETIMEDOUT;
		return -1;
	}
	o->count--;
	clock_acquire(t, o, false);
	spin_changed(t);
	return 0;
}

INSTEAD int sem_init(sem_t *s, int shared, unsigned value)
{
	int err = REAL(sem_init, s, shared, value);

	if (!err && self())
		object_new(s, OBJECT_SEMAPHORE)->count = value;
	return err;
}

INSTEAD int sem_destroy(sem_t *s)
{
	struct object *o;

	IN_RUN(t)
	return REAL(sem_destroy, s);
	o = semaphore_of(t, s, HERE());
	object_op(t, OP_DESTROY, o, NULL, 0, HERE());
	object_destroy(t, o, s, HERE());
	return 0;
}

INSTEAD int sem_wait(sem_t *s)
{
	IN_RUN(t)
	return REAL(sem_wait, s);
	return wait(t, s, 0, HERE());
}

INSTEAD int sem_timedwait(sem_t *s, const struct timespec *until)
{
	IN_RUN(t)
	return REAL(sem_timedwait, s, until);
	return wait(t, s, time_deadline(CLOCK_REALTIME, until), HERE());
}

INSTEAD int sem_trywait(sem_t *s)
{
	struct object *o;

	IN_RUN(t)
	return REAL(sem_trywait, s);
	o = semaphore_of(t, s, HERE());
	object_announce(t, OP_TRYLOCK, o, HERE());
	point(t);
	if (!o->count) {
		pairs_read(t, &o->access);
		spin_read(t, memory_version(o->addr));
		log_value(t, 0, EVENT_FAILED);
		errno = EAGAIN;
		return -1;
	}
	pairs_sync(t, o);
	o->count--;
	clock_acquire(t, o, false);
	spin_changed(t);
	return 0;
}

INSTEAD int sem_post(sem_t *s)
{
	struct object *o;

	IN_RUN(t)
	return REAL(sem_post, s);
	o = semaphore_of(t, s, HERE());
	object_op(t, OP_SEM_POST, o, NULL, 0, HERE());
	clock_release(t, o, false);
	o->count++;
	log_value(t, o->count, EVENT_HAS_VALUE);
	spin_changed(t);
	return 0;
}

INSTEAD int sem_getvalue(sem_t *s, int *value)
{
	struct object *o;

	IN_RUN(t)
	return REAL(sem_getvalue, s, value);
	o = semaphore_of(t, s, HERE());
	object_announce(t, OP_ATOMIC_READ, o, HERE());
	point(t);
	*value = (int)o->count;
	return 0;
}
