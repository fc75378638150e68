// SPDX-License-Identifier: GPL-2.0
/* Why a thread is where it is: the futex or the kernel lock that it is about to wait for. */
#include "model/build.h"

/*
 * Waits in interrupts above it nest. Several begins may come before one end: mutex_lock() says so
 * anew each time it has slept.
 */
static void begin_lock(struct life *l, uint64_t address)
{
	if (l->nr_locks == MAX_LOCKS)
		l->nr_locks--;
	l->locks[l->nr_locks++] = address;
}

/* This ends the first wait for it and all that began later. */
static void end_lock(struct life *l, uint64_t address)
{
	unsigned int i = 0;

	while (i < l->nr_locks && l->locks[i] != address)
		i++;
	l->nr_locks = i;
}

struct interval wait_running(const struct life *l, unsigned int cpu)
{
	struct interval i = { .state = STATE_RUNNING, .cpu = (int16_t)cpu };

	if (l->nr_locks) {
		i.cause = CAUSE_KERNEL_LOCK;
		i.address = l->locks[l->nr_locks - 1];
	}
	return i;
}

struct interval wait_off_cpu(struct build *b, struct life *l, unsigned int cpu, enum state state,
			     const struct oncpu_record *r)
{
	struct interval i = { .state = state, .cpu = -1 };

	if (state == STATE_RUNNABLE) {
		i.cause = r->flags & ONCPU_SWITCH_YIELDED ? CAUSE_YIELDED : CAUSE_PREEMPTED;
		i.cpu = (int16_t)cpu;
	} else if (state != STATE_SLEEPING && state != STATE_BLOCKED) {
		return i;
	} else if (l->nr_locks) {
		i.cause = CAUSE_KERNEL_LOCK;
		i.address = l->locks[l->nr_locks - 1];
	} else if (l->in_futex && state == STATE_SLEEPING && call_may_be_futex(r)) {
		i.cause = CAUSE_FUTEX;
		i.address = l->futex_address;
		lock_name(b, l, &i, r->time_ns);
	} else {
		call_cause(&i, r);
	}
	return i;
}

/* Spinning is running with a cause: where that changes, a new interval begins. */
static void show_spinning(struct build *b, struct life *l, unsigned int cpu, uint64_t time_ns)
{
	struct interval next = wait_running(l, cpu);

	if (next.cause != l->now.cause || next.address != l->now.address)
		life_turn(b, l, time_ns, next);
}

void wait_record(struct build *b, struct life *l, unsigned int cpu, const struct oncpu_record *r)
{
	switch (r->type) {
	case ONCPU_LOCK_BEGIN:
		begin_lock(l, r->lock.address);
		break;
	case ONCPU_LOCK_END:
		end_lock(l, r->lock.address);
		break;
	default: /* it comes from user space or goes there, where nobody waits for a kernel lock */
		l->nr_locks = 0;
		l->in_futex = r->type == ONCPU_FUTEX_WAIT;
		if (l->in_futex) {
			l->futex_address = r->futex_wait.address;
			lock_begin(b, l, r);
			l->joined = join_of(b, l, r->futex_wait.value);
		}
	}
	show_spinning(b, l, cpu, r->time_ns);
}
