// SPDX-License-Identifier: GPL-2.0
/* C11's mutexes, condition variables and sleeps, by the POSIX ones: same size, same memory. */
#include <errno.h>
#include <threads.h>

#include "runtime.h"

static int in_c11(int err)
{
	switch (err) {
	case 0:
		return thrd_success;
	case EBUSY:
		return thrd_busy;
	case ETIMEDOUT:
		return thrd_timedout;
	default:
		return thrd_error;
	}
}

/* The line told is the program's: these are jumped to, not called, wherever nothing follows. */
INSTEAD int mtx_init(mtx_t *m, int type)
{
	pthread_mutexattr_t attr;
	int err;

	pthread_mutexattr_init(&attr);
	pthread_mutexattr_settype(&attr, type & mtx_recursive ? PTHREAD_MUTEX_RECURSIVE
							      : PTHREAD_MUTEX_NORMAL);
	err = pthread_mutex_init((pthread_mutex_t *)m, &attr);
	pthread_mutexattr_destroy(&attr);
	return in_c11(err);
}

INSTEAD int mtx_lock(mtx_t *m)
{
	IN_RUN(t)
	return in_c11(pthread_mutex_lock((pthread_mutex_t *)m));
	return in_c11(mutex_lock(t, (pthread_mutex_t *)m, 0, HERE()));
}

INSTEAD int mtx_timedlock(mtx_t *restrict m, const struct timespec *restrict until)
{
	IN_RUN(t)
	return thrd_error;
	return in_c11(
		mutex_lock(t, (pthread_mutex_t *)m, time_deadline(CLOCK_REALTIME, until), HERE()));
}

INSTEAD int mtx_trylock(mtx_t *m)
{
	IN_RUN(t)
	return in_c11(pthread_mutex_trylock((pthread_mutex_t *)m));
	return in_c11(mutex_trylock(t, (pthread_mutex_t *)m, HERE()));
}

INSTEAD int mtx_unlock(mtx_t *m)
{
	IN_RUN(t)
	return in_c11(pthread_mutex_unlock((pthread_mutex_t *)m));
	return in_c11(mutex_unlock(t, (pthread_mutex_t *)m, HERE()));
}

INSTEAD void mtx_destroy(mtx_t *m)
{
	pthread_mutex_destroy((pthread_mutex_t *)m);
}

INSTEAD int cnd_init(cnd_t *c)
{
	return in_c11(pthread_cond_init((pthread_cond_t *)c, NULL));
}

INSTEAD void cnd_destroy(cnd_t *c)
{
	pthread_cond_destroy((pthread_cond_t *)c);
}

INSTEAD int cnd_wait(cnd_t *c, mtx_t *m)
{
	IN_RUN(t)
	return thrd_error;
	return in_c11(condition_wait(t, (pthread_cond_t *)c, (pthread_mutex_t *)m, 0, HERE()));
}

INSTEAD int cnd_timedwait(cnd_t *restrict c, mtx_t *restrict m,
			  const struct timespec *restrict until)
{
	IN_RUN(t)
	return thrd_error;
	return in_c11(condition_wait(t, (pthread_cond_t *)c, (pthread_mutex_t *)m,
				     time_deadline(CLOCK_REALTIME, until), HERE()));
}

INSTEAD int cnd_signal(cnd_t *c)
{
	IN_RUN(t)
	return thrd_error;
	return in_c11(condition_signal(t, (pthread_cond_t *)c, false, HERE()));
}

INSTEAD int cnd_broadcast(cnd_t *c)
{
	IN_RUN(t)
	return thrd_error;
	return in_c11(condition_signal(t, (pthread_cond_t *)c, true, HERE()));
}

INSTEAD int thrd_sleep(const struct timespec *ts, struct timespec *left)
{
	IN_RUN(t)
	return REAL(thrd_sleep, ts, left);
	return nanosleep(ts, left);
}

INSTEAD void thrd_yield(void)
{
	sched_yield();
}
