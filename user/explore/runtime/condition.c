// SPDX-License-Identifier: GPL-2.0
/*
 * Condition variables. A signal is a token that any thread which waited then may take, so that whom
 * it wakes is the schedule's choice like all else; there are no tokens without a waiter.
 */
#include <errno.h>

#include "runtime.h"

static bool can_wake(struct thread *t)
{
	struct object *o = t->op.object;
	bool woken = (o->count && t->tokens) || t->signalled || time_is_up(t) || t->cancelled;

	return woken && (t->op.mutex->owner == NOBODY || t->op.mutex->owner == t->id);
}

static void drop_tokens(struct object *o)
{
	int i;

	for (i = 0; i < nr_threads; i++)
		if (threads[i].op.object == o)
			threads[i].tokens = 0;
}

/* Why it woke: a token, or the time. */
static bool take_token(struct thread *t, struct object *o)
{
	bool woken = o->count && t->tokens;

	o->waiters--;
	if (woken && !--o->count)
		drop_tokens(o);
	t->tokens = 0;
	if (o->count > o->waiters)
		o->count = o->waiters;
	return woken;
}

int condition_wait(struct thread *t, pthread_cond_t *c, pthread_mutex_t *m, uint64_t deadline,
		   uint64_t pc)
{
	struct object *o = object_of(t, c, OBJECT_CONDITION, pc);
	struct object *mutex = mutex_of(t, m, pc);
	uint32_t depth;
	bool woken;

	cancel_point(t);
	object_op(t, OP_WAIT, o, NULL, 0, pc);
	if (mutex->owner != t->id)
		fail_about(FOUND_WAIT_UNLOCKED, t, mutex, pc);
	depth = mutex->count;
	if (depth > 1)
		mutex->count--; /* of a recursive mutex the C library gives up one level only */
	else
		mutex_release(t, mutex);
	o->waiters++;
	t->tokens = 0;
	object_announce(t, OP_WAKE, o, pc);
	t->op.mutex = mutex;
	t->op.ready = can_wake;
	t->op.deadline_ns = deadline;
	object_point(t);
	woken = take_token(t, o);
	if (woken)
		clock_acquire(t, o, false);
	else
		time_ran_out(t);
	if (depth == 1)
		mutex_take_again(t, mutex, pc);
	mutex->count = depth;
	cancel_point(t);
	return woken ? 0 : ETIMEDOUT;
}

int condition_signal(struct thread *t, pthread_cond_t *c, bool all, uint64_t pc)
{
	struct object *o = object_of(t, c, OBJECT_CONDITION, pc);
	int i;

	object_op(t, all ? OP_BROADCAST : OP_SIGNAL, o, NULL, 0, pc);
	if (o->destroyed)
		fail_about(FOUND_USE_DESTROYED, t, o, pc);
	spin_changed(t);
	clock_release(t, o, false);
	log_value(t, o->waiters, EVENT_HAS_VALUE);
	if (o->count < o->waiters)
		o->count = all ? o->waiters : o->count + 1;
	for (i = 0; i < nr_threads; i++)
		if (threads[i].state == THREAD_LIVE && threads[i].op.object == o &&
		    threads[i].op.kind == OP_WAKE)
			threads[i].tokens = 1;
	return 0;
}

INSTEAD int pthread_cond_init(pthread_cond_t *c, const pthread_condattr_t *attr)
{
	int err = REAL(pthread_cond_init, c, attr);
	clockid_t clock = CLOCK_REALTIME;

	if (!self())
		return err;
	if (attr)
		REAL(pthread_condattr_getclock, attr, &clock);
	object_new(c, OBJECT_CONDITION)->type = (uint8_t)clock;
	return err;
}

INSTEAD int pthread_cond_destroy(pthread_cond_t *c)
{
	struct object *o;

	IN_RUN(t)
	return REAL(pthread_cond_destroy, c);
	o = object_of(t, c, OBJECT_CONDITION, HERE());
	object_op(t, OP_DESTROY, o, NULL, 0, HERE());
	if (o->waiters > o->count)
		fail_about(FOUND_DESTROY_BUSY, t, o, HERE());
	object_destroy(t, o, c, HERE());
	return 0;
}

INSTEAD int pthread_cond_wait(pthread_cond_t *c, pthread_mutex_t *m)
{
	IN_RUN(t)
	return REAL(pthread_cond_wait, c, m);
	return condition_wait(t, c, m, 0, HERE());
}

INSTEAD int pthread_cond_timedwait(pthread_cond_t *c, pthread_mutex_t *m,
				   const struct timespec *until)
{
	int clock;

	IN_RUN(t)
	return REAL(pthread_cond_timedwait, c, m, until);
	clock = object_of(t, c, OBJECT_CONDITION, HERE())->type;
	return condition_wait(t, c, m, time_deadline(clock, until), HERE());
}

INSTEAD int pthread_cond_clockwait(pthread_cond_t *c, pthread_mutex_t *m, clockid_t clock,
				   const struct timespec *until)
{
	IN_RUN(t)
	return EINVAL;
	return condition_wait(t, c, m, time_deadline(clock, until), HERE());
}

INSTEAD int pthread_cond_signal(pthread_cond_t *c)
{
	IN_RUN(t)
	return REAL(pthread_cond_signal, c);
	return condition_signal(t, c, false, HERE());
}

INSTEAD int pthread_cond_broadcast(pthread_cond_t *c)
{
	IN_RUN(t)
	return REAL(pthread_cond_broadcast, c);
	return condition_signal(t, c, true, HERE());
}
