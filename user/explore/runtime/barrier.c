// SPDX-License-Identifier: GPL-2.0
/* Barriers: count have arrived in this round; the last one opens it. */
#include "runtime.h"

static bool is_open(struct thread *t)
{
	return t->op.object->round != (uint32_t)t->op.arg;
}

static int wait(struct thread *t, pthread_barrier_t *b, uint64_t pc)
{
	struct object *o = object_of(t, b, OBJECT_BARRIER, pc);
	bool last;

	object_op(t, OP_BARRIER, o, NULL, 0, pc);
	clock_release(t, o, false);
	spin_changed(t);
	last = ++o->count >= o->limit;
	if (last) {
		o->count = 0;
		o->round++;
	} else {
		object_announce(t, OP_BARRIER, o, pc);
		t->op.arg = (int)o->round;
		t->op.ready = is_open;
		t->op.decide = false;
		point(t);
	}
	clock_acquire(t, o, false);
	return last ? PTHREAD_BARRIER_SERIAL_THREAD : 0;
}

INSTEAD int pthread_barrier_init(pthread_barrier_t *b, const pthread_barrierattr_t *attr,
				 unsigned count)
{
	int err = REAL(pthread_barrier_init, b, attr, count);

	if (!err && self())
		object_new(b, OBJECT_BARRIER)->limit = count;
	return err;
}

INSTEAD int pthread_barrier_destroy(pthread_barrier_t *b)
{
	struct object *o;

	IN_RUN(t)
	return REAL(pthread_barrier_destroy, b);
	o = object_of(t, b, OBJECT_BARRIER, HERE());
	object_op(t, OP_DESTROY, o, NULL, 0, HERE());
	if (o->count)
		fail_about(FOUND_DESTROY_BUSY, t, o, HERE());
	object_destroy(t, o, b, HERE());
	return 0;
}

INSTEAD int pthread_barrier_wait(pthread_barrier_t *b)
{
	IN_RUN(t)
	return REAL(pthread_barrier_wait, b);
	return wait(t, b, HERE());
}
