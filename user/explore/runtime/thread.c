// SPDX-License-Identifier: GPL-2.0
/* Threads: made, joined, detached, cancelled, ended. C11's are the same with other words. */
#include <errno.h>
#include <stdlib.h>
#include <threads.h>

#include "runtime.h"

struct thread *thread_of(pthread_t p)
{
	int i;

	for (i = nr_threads - 1; i >= 0; i--)
		if (threads[i].state != THREAD_NONE && pthread_equal(threads[i].real, p))
			return &threads[i];
	return NULL;
}

/* The last thing that a thread does while it has the turn. */
static void leave(void *argument)
{
	struct thread *t = argument;

	if (!self())
		return;
	keys_run_destructors(t);
	held_at_exit(t);
	thread_done(t);
	if (!nr_live)
		REAL(exit, 0);
}

static void *run_thread(void *argument)
{
	struct thread *t = argument;

	my_thread = t;
	t->stack_top = FRAME();
	wait_for_turn(t);
	pthread_cleanup_push(leave, t);
	if (t->start_c11)
		t->result = (void *)(intptr_t)t->start_c11(t->argument);
	else
		t->result = t->start(t->argument);
	pthread_cleanup_pop(1);
	return t->result;
}

/* main() itself, as the first thread: pthread_exit() in it ends only it. */
int run_main(struct thread *t, int (*f)(int, char **, char **), int argc, char **argv, char **envp)
{
	int status;

	t->stack_top = FRAME();
	pthread_cleanup_push(leave, t);
	status = f(argc, argv, envp);
	pthread_cleanup_pop(0);
	if (self())
		exit_point(t, HERE());
	return status;
}

/* Others may still run before the process ends, and after it they cannot. */
void exit_point(struct thread *t, uint64_t pc)
{
	if (nr_live == 1)
		return;
	op_set(t, OP_EXIT, 0, 0, pc);
	point(t);
}

INSTEAD void exit(int status)
{
	struct thread *t = self();

	if (t)
		exit_point(t, HERE());
	REAL(exit, status);
	__builtin_unreachable();
}

static uint32_t name_of_child(struct thread *parent)
{
	uint64_t name = ((uint64_t)parent->name << 16) + ++parent->nr_children;

	return (uint32_t)(name * 0x9e3779b97f4a7c15ull >> 33);
}

static struct thread *new_thread(struct thread *t, uint64_t pc)
{
	struct thread *child;

	if (nr_threads == MAX_THREADS)
		refuse("more than 256 threads in one run", pc);
	child = &threads[nr_threads];
	child->id = nr_threads;
	child->name = name_of_child(t);
	child->creator = t->id;
	child->create_pc = pc;
	return child;
}

static int start_thread(struct thread *t, struct thread *child, const pthread_attr_t *attr)
{
	pthread_attr_t mine;
	int err, state = PTHREAD_CREATE_JOINABLE;
	size_t wanted = 0, size;
	void *stack;

	if (attr)
		pthread_attr_getdetachstate(attr, &state);
	if (attr)
		pthread_attr_getstacksize(attr, &wanted);
	stack_of(child->id, wanted, &stack, &size);
	pthread_attr_init(&mine);
	pthread_attr_setstack(&mine, stack, size);
	child->detached = state == PTHREAD_CREATE_DETACHED;
	child->state = THREAD_LIVE;
	nr_threads++;
	nr_live++;
	clock_child(t, child);
	err = REAL(pthread_create, &child->real, &mine, run_thread, child);
	pthread_attr_destroy(&mine);
	if (err)
		refuse("a thread could not be made", child->create_pc);
	return err;
}

/* What a thread does before its first operation is its creator's time: nobody can notice it. */
static void create(struct thread *t, struct thread *child, uint64_t pc)
{
	strategy_born(t, child);
	spin_changed(t);
	(void)pc;
	turn_to_new(t, child);
}

INSTEAD int pthread_create(pthread_t *p, const pthread_attr_t *attr, void *(*f)(void *), void *arg)
{
	struct thread *child;

	if (!self() && controlled)
		refuse("a thread made by what the explorer does not control", HERE());
	IN_RUN(t)
	refuse("a thread made before main()", HERE());
	op_set(t, OP_CREATE, 0, 0, HERE());
	point(t);
	child = new_thread(t, HERE());
	child->start = f;
	child->argument = arg;
	start_thread(t, child, attr);
	*p = child->real;
	log_value(t, (uint64_t)child->id, EVENT_HAS_VALUE);
	create(t, child, HERE());
	return 0;
}

static bool is_done(struct thread *t)
{
	return threads[t->op.arg].state == THREAD_DONE || t->cancelled || time_is_up(t);
}

static int join(struct thread *t, pthread_t p, void **result, uint64_t deadline, uint64_t pc)
{
	struct thread *other = thread_of(p);

	op_set(t, OP_JOIN, 0, 0, pc);
	if (!other)
		return ESRCH;
	if (other == t)
		fail(FOUND_JOIN_SELF, t, pc);
	if (other->joined)
		fail(FOUND_JOIN_TWICE, t, pc);
	if (other->detached)
		fail(FOUND_JOIN_DETACHED, t, pc);
	t->op.arg = other->id;
	t->op.ready = is_done;
	t->op.deadline_ns = deadline;
	point(t);
	cancel_point(t);
	if (other->state != THREAD_DONE)
		return ETIMEDOUT;
	other->joined = true;
	clock_join(t->clock, other->clock);
	clock_join(t->made_clock, other->made_clock);
	spin_changed(t);
	log_value(t, (uint64_t)other->id, EVENT_HAS_VALUE);
	if (result)
		*result = other->result;
	return 0;
}

INSTEAD int pthread_join(pthread_t p, void **result)
{
	IN_RUN(t)
	return REAL(pthread_join, p, result);
	return join(t, p, result, 0, HERE());
}

INSTEAD int pthread_timedjoin_np(pthread_t p, void **result, const struct timespec *until)
{
	IN_RUN(t)
	return EINVAL;
	return join(t, p, result, time_deadline(CLOCK_REALTIME, until), HERE());
}

INSTEAD int pthread_tryjoin_np(pthread_t p, void **result)
{
	struct thread *other;

	IN_RUN(t)
	return EINVAL;
	other = thread_of(p);
	if (other && other->state != THREAD_DONE) {
		op_set(t, OP_YIELD, 0, 0, HERE());
		t->yielded = true;
		point(t);
		return EBUSY;
	}
	return join(t, p, result, 0, HERE());
}

static int detach(struct thread *t, pthread_t p, uint64_t pc)
{
	struct thread *other = thread_of(p);

	op_set(t, OP_JOIN, 0, 0, pc);
	if (!other)
		return ESRCH;
	if (other->joined)
		fail(FOUND_JOIN_TWICE, t, pc);
	if (other->detached)
		fail(FOUND_JOIN_DETACHED, t, pc);
	other->detached = true;
	return 0;
}

INSTEAD int pthread_detach(pthread_t p)
{
	IN_RUN(t)
	return REAL(pthread_detach, p);
	return detach(t, p, HERE());
}

INSTEAD void pthread_exit(void *result)
{
	struct thread *t = self();

	if (t)
		t->result = result;
	REAL(pthread_exit, result);
	__builtin_unreachable();
}

/* -- cancellation: deferred, whatever the type ------------------------------------------------ */

void cancel_point(struct thread *t)
{
	if (!t->cancelled || t->cancel_off)
		return;
	t->cancelled = false;
	t->cancel_off = true;
	t->result = PTHREAD_CANCELED;
	REAL(pthread_exit, PTHREAD_CANCELED);
}

INSTEAD int pthread_cancel(pthread_t p)
{
	struct thread *other;

	IN_RUN(t)
	return REAL(pthread_cancel, p);
	other = thread_of(p);
	if (!other)
		return ESRCH;
	op_set(t, OP_SIGNAL, (uint64_t)(uintptr_t)other, 0, HERE());
	point(t);
	if (!other->cancel_off)
		other->cancelled = true;
	clock_tick(t);
	return 0;
}

INSTEAD void pthread_testcancel(void)
{
	struct thread *t = self();

	if (!t)
		return;
	op_set(t, OP_YIELD, 0, 0, HERE());
	point(t);
	cancel_point(t);
}

INSTEAD int pthread_setcancelstate(int state, int *old)
{
	IN_RUN(t)
	return REAL(pthread_setcancelstate, state, old);
	if (old)
		*old = t->cancel_off ? PTHREAD_CANCEL_DISABLE : PTHREAD_CANCEL_ENABLE;
	t->cancel_off = state == PTHREAD_CANCEL_DISABLE;
	return 0;
}

/* -- C11 -------------------------------------------------------------------------------------- */

INSTEAD int thrd_create(thrd_t *p, thrd_start_t f, void *arg)
{
	struct thread *child;

	IN_RUN(t)
	refuse("a thread made before main()", HERE());
	op_set(t, OP_CREATE, 0, 0, HERE());
	point(t);
	child = new_thread(t, HERE());
	child->start_c11 = f;
	child->argument = arg;
	start_thread(t, child, NULL);
	*p = child->real;
	log_value(t, (uint64_t)child->id, EVENT_HAS_VALUE);
	create(t, child, HERE());
	return thrd_success;
}

INSTEAD int thrd_join(thrd_t p, int *result)
{
	void *r;
	int err;

	IN_RUN(t)
	return thrd_error;
	err = join(t, p, &r, 0, HERE());
	if (!err && result)
		*result = (int)(intptr_t)r;
	return err ? thrd_error : thrd_success;
}

INSTEAD int thrd_detach(thrd_t p)
{
	IN_RUN(t)
	return thrd_error;
	return detach(t, p, HERE()) ? thrd_error : thrd_success;
}

INSTEAD void thrd_exit(int result)
{
	struct thread *t = self();

	if (t)
		t->result = (void *)(intptr_t)result;
	REAL(pthread_exit, (void *)(intptr_t)result);
	__builtin_unreachable();
}
