// SPDX-License-Identifier: GPL-2.0
/* pthread_once() and call_once(). state: 1 while the function runs, 2 after it. */
#include <threads.h>

#include "runtime.h"

static bool not_running(struct thread *t)
{
	return t->op.object->state != 1;
}

static void once(struct thread *t, void *control, void (*f)(void), uint64_t pc)
{
	struct object *o = object_of(t, control, OBJECT_ONCE, pc);

	object_op(t, OP_ONCE, o, not_running, 0, pc);
	if (o->state == 2) {
		clock_acquire(t, o, false);
		return;
	}
	o->state = 1;
	o->owner = (int16_t)t->id;
	f();
	o->state = 2;
	o->owner = NOBODY;
	clock_release(t, o, false);
	spin_changed(t);
}

INSTEAD int pthread_once(pthread_once_t *control, void (*f)(void))
{
	IN_RUN(t)
	return REAL(pthread_once, control, f);
	once(t, control, f, HERE());
	return 0;
}

INSTEAD void call_once(once_flag *control, void (*f)(void))
{
	IN_RUN(t)
	{
		REAL(call_once, control, f);
		return;
	}
	once(t, control, f, HERE());
}
