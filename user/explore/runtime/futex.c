// SPDX-License-Identifier: GPL-2.0
/* syscall(): futexes are the explorer's, a few that change nothing pass, fork is refused. */
#include <errno.h>
#include <linux/futex.h>
#include <stdarg.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "runtime.h"

static bool is_woken(struct thread *t)
{
	return t->signalled || time_is_up(t);
}

static long futex_wait(struct thread *t, uint32_t *word, uint32_t expected, uint64_t deadline,
		       uint64_t pc)
{
	struct object *o = object_of(t, word, OBJECT_FUTEX, pc);

	object_announce(t, OP_FUTEX_WAIT, o, pc);
	point(t);
	pairs_read(t, &o->access);
	if (__atomic_load_n(word, __ATOMIC_SEQ_CST) != expected) {
		spin_read(t, memory_version(o->addr));
		errno = EAGAIN;
		return -1;
	}
	t->signalled = false;
	o->waiters++;
	object_announce(t, OP_FUTEX_WAIT, o, pc);
	t->op.ready = is_woken;
	t->op.deadline_ns = deadline;
	object_point(t);
	o->waiters--;
	if (!t->signalled) {
		time_ran_out(t);
		errno = ETIMEDOUT;
		return -1;
	}
	clock_acquire(t, o, false);
	return 0;
}

static long futex_wake(struct thread *t, uint32_t *word, int how_many, uint64_t pc)
{
	struct object *o = object_of(t, word, OBJECT_FUTEX, pc);
	int i, woken = 0;

	object_op(t, OP_FUTEX_WAKE, o, NULL, 0, pc);
	clock_release(t, o, false);
	spin_changed(t);
	for (i = 0; i < nr_threads && woken < how_many; i++) {
		struct thread *w = &threads[i];

		if (w->state != THREAD_LIVE || w->op.ready != is_woken || w->op.object != o ||
		    w->signalled)
			continue;
		w->signalled = true;
		woken++;
	}
	log_value(t, (uint64_t)woken, EVENT_HAS_VALUE);
	return woken;
}

static uint64_t futex_deadline(int what, const struct timespec *ts)
{
	if (!ts)
		return 0;
	if ((what & FUTEX_CMD_MASK) == FUTEX_WAIT)
		return virtual_ns + 1 + (uint64_t)ts->tv_sec * 1000000000ull +
		       (uint64_t)ts->tv_nsec;
	return time_deadline(what & FUTEX_CLOCK_REALTIME ? CLOCK_REALTIME : CLOCK_MONOTONIC, ts);
}

static long futex(struct thread *t, const long *a, uint64_t pc)
{
	uint32_t *word = (uint32_t *)a[0];

	switch (a[1] & FUTEX_CMD_MASK) {
	case FUTEX_WAIT:
	case FUTEX_WAIT_BITSET:
		return futex_wait(t, word, (uint32_t)a[2],
				  futex_deadline((int)a[1], (const struct timespec *)a[3]), pc);
	case FUTEX_WAKE:
	case FUTEX_WAKE_BITSET:
		return futex_wake(t, word, (int)a[2], pc);
	default:
		refuse("a futex operation other than wait and wake, by syscall()", pc);
	}
}

INSTEAD long syscall(long number, ...)
{
	struct thread *t = self();
	static long (*call)(long, ...);
	long a[6];
	va_list args;
	int i;

	va_start(args, number);
	for (i = 0; i < 6; i++)
		a[i] = va_arg(args, long);
	va_end(args);
	if (!call)
		*(void **)&call = real("syscall");
	if (t && number == SYS_futex)
		return futex(t, a, HERE());
	if (t && (number == SYS_clone
#ifdef SYS_fork
		  || number == SYS_fork || number == SYS_vfork
#endif
		  ))
		refuse("a new process by syscall(): the explorer follows one process", HERE());
	return call(number, a[0], a[1], a[2], a[3], a[4], a[5]);
}

INSTEAD pid_t fork(void)
{
	if (self())
		refuse("fork(): the explorer follows one process; --storm is for several", HERE());
	return REAL(fork);
}

INSTEAD int system(const char *command)
{
	if (self())
		refuse("system(): the explorer follows one process; --storm is for several",
		       HERE());
	return REAL(system, command);
}
