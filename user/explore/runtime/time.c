// SPDX-License-Identifier: GPL-2.0
/*
 * Time is virtual: it passes a little with each operation, and jumps where all that can still happen
 * is that a time comes. A thread that sleeps may go on at any moment (any other may be slow just as
 * well), and then it is that late.
 */
#include <errno.h>
#include <sys/time.h>
#include <unistd.h>

#include "runtime.h"

#define REALTIME_START_NS  (1700000000ull * 1000000000ull)
#define MONOTONIC_START_NS (1000ull * 1000000000ull)

uint64_t virtual_ns;

static uint64_t start_of(int clock)
{
	return clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE ? REALTIME_START_NS
									 : MONOTONIC_START_NS;
}

static uint64_t ns_of(const struct timespec *ts)
{
	return ts->tv_sec < 0 ? 0 : (uint64_t)ts->tv_sec * 1000000000ull + (uint64_t)ts->tv_nsec;
}

uint64_t time_deadline(int clock, const void *timespec)
{
	uint64_t ns = ns_of(timespec), start = start_of(clock);

	return ns > start ? ns - start : 1; /* 0 would be: none */
}

/* In some schedules short times are over as soon as one likes: others may be slow. */
#define SHORT_NS 1000000000ull
static bool impatient;

void time_begin(void)
{
	impatient = shm->strategy == STRATEGY_REPLAY || !random_below(4);
}

bool time_is_up(const struct thread *t)
{
	uint64_t deadline = t->op.deadline_ns;

	return deadline &&
	       (deadline <= virtual_ns || (impatient && deadline - virtual_ns <= SHORT_NS));
}

/* The wait that t is in ends because its time has come. */
void time_ran_out(struct thread *t)
{
	if (virtual_ns < t->op.deadline_ns)
		virtual_ns = t->op.deadline_ns;
	log_value(t, 0, EVENT_TIMED_OUT);
}

/* Nobody can run: the time of the first that waits for one comes. */
bool time_jump(void)
{
	uint64_t next = UINT64_MAX;
	int i;

	for (i = 0; i < nr_threads; i++) {
		const struct thread *t = &threads[i];

		if (t->state == THREAD_LIVE && t->op.deadline_ns > virtual_ns &&
		    t->op.deadline_ns < next)
			next = t->op.deadline_ns;
	}
	if (next == UINT64_MAX)
		return false;
	virtual_ns = next;
	return true;
}

static int doze(struct thread *t, uint64_t until, uint64_t pc)
{
	op_set(t, OP_SLEEP, 0, 0, pc);
	t->yielded = true;
	point(t);
	cancel_point(t);
	if (virtual_ns < until)
		virtual_ns = until;
	return 0;
}

INSTEAD int nanosleep(const struct timespec *for_ts, struct timespec *left)
{
	IN_RUN(t)
	return REAL(nanosleep, for_ts, left);
	return doze(t, virtual_ns + ns_of(for_ts), HERE());
}

INSTEAD int clock_nanosleep(clockid_t clock, int flags, const struct timespec *ts,
			    struct timespec *left)
{
	IN_RUN(t)
	return REAL(clock_nanosleep, clock, flags, ts, left);
	return doze(t, flags & TIMER_ABSTIME ? time_deadline(clock, ts) : virtual_ns + ns_of(ts),
		    HERE());
}

INSTEAD int usleep(useconds_t us)
{
	IN_RUN(t)
	return REAL(usleep, us);
	return doze(t, virtual_ns + us * 1000ull, HERE());
}

INSTEAD unsigned sleep(unsigned s)
{
	IN_RUN(t)
	return REAL(sleep, s);
	return (unsigned)doze(t, virtual_ns + s * 1000000000ull, HERE());
}

static int give_way(struct thread *t, uint64_t pc)
{
	op_set(t, OP_YIELD, 0, 0, pc);
	t->yielded = true;
	point(t);
	return 0;
}

INSTEAD int sched_yield(void)
{
	IN_RUN(t)
	return REAL(sched_yield);
	return give_way(t, HERE());
}

INSTEAD int clock_gettime(clockid_t clock, struct timespec *ts)
{
	uint64_t ns;

	IN_RUN(t)
	return REAL(clock_gettime, clock, ts);
	virtual_ns += 1000; /* who only looks at the clock sees it go on */
	ns = virtual_ns;
	if (clock != CLOCK_PROCESS_CPUTIME_ID && clock != CLOCK_THREAD_CPUTIME_ID)
		ns += start_of(clock);
	*ts = (struct timespec){ (time_t)(ns / 1000000000), (long)(ns % 1000000000) };
	return 0;
}

INSTEAD int gettimeofday(struct timeval *restrict tv, void *restrict zone)
{
	uint64_t ns = REALTIME_START_NS + virtual_ns;

	IN_RUN(t)
	return REAL(gettimeofday, tv, zone);
	virtual_ns += 1000;
	*tv = (struct timeval){ (time_t)(ns / 1000000000), (long)(ns % 1000000000 / 1000) };
	return 0;
}

INSTEAD time_t time(time_t *where)
{
	time_t now = (time_t)((REALTIME_START_NS + virtual_ns) / 1000000000);

	IN_RUN(t)
	return REAL(time, where);
	if (where)
		*where = now;
	return now;
}
