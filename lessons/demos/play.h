/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What workloads of demos are made of: work that takes CPU time, threads that begin it together, and the
 * ways to ask the kernel for something. Who asks in vain ends the program: a demo must not go on with
 * less than it says.
 */
#ifndef DEMOS_PLAY_H
#define DEMOS_PLAY_H

#ifndef _GNU_SOURCE
#define _GNU_SOURCE /* whoever compiles a workload by hand, as `oncpu explore` does */
#endif

#include <oncpu/mark.h>

#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static inline void must(bool done, const char *what)
{
	if (done)
		return;
	fprintf(stderr, "cannot %s: %s\n", what, strerror(errno));
	exit(1);
}

/* The n-th argument as a number. */
static inline long argument(int argc, char **argv, int n)
{
	if (n < argc)
		return strtol(argv[n], NULL, 10);
	fprintf(stderr, "%s: argument %d is missing\n", argv[0], n);
	exit(2);
}

static inline uint64_t clock_ms(clockid_t clock)
{
	struct timespec t;

	clock_gettime(clock, &t);
	return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

/* So much CPU time of this thread's own, however long that takes. */
static inline void burn_ms(uint64_t ms)
{
	uint64_t end = clock_ms(CLOCK_THREAD_CPUTIME_ID) + ms;

	while (clock_ms(CLOCK_THREAD_CPUTIME_ID) < end)
		;
}

/* On a CPU, or waiting for one, until that time of the clock that all threads share. */
static inline void burn_until(uint64_t end_ms)
{
	while (clock_ms(CLOCK_MONOTONIC) < end_ms)
		;
}

static inline void sleep_ms(uint64_t ms)
{
	struct timespec t = { (time_t)(ms / 1000), (long)(ms % 1000) * 1000000 };

	while (clock_nanosleep(CLOCK_MONOTONIC, 0, &t, &t) == EINTR)
		;
}

static inline void sleep_until(uint64_t end_ms)
{
	struct timespec t = { (time_t)(end_ms / 1000), (long)(end_ms % 1000) * 1000000 };

	while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &t, NULL) == EINTR)
		;
}

/* The calling thread: its name on the timeline, its CPU, its weight, its class. */
static inline void call_me(const char *name)
{
	prctl(PR_SET_NAME, name);
}

static inline void stay_on(int cpu)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET((size_t)cpu, &set);
	must(!sched_setaffinity(0, sizeof(set), &set), "stay on that CPU");
}

static inline void be_nice(long nice)
{
	must(!setpriority(PRIO_PROCESS, 0, (int)nice), "set the nice value");
}

static inline void be(int policy, int priority)
{
	struct sched_param p = { .sched_priority = priority };

	must(!sched_setscheduler(0, policy, &p), "change the scheduling class");
}

/* SCHED_DEADLINE, and the slice of the fair class, have no function in the C library. */
struct attributes {
	uint32_t size, policy;
	uint64_t flags;
	int32_t nice;
	uint32_t priority;
	uint64_t runtime_ns, deadline_ns, period_ns;
};

static inline int set_attributes(struct attributes *a)
{
	a->size = sizeof(*a);
	return syscall(SYS_sched_setattr, 0, a, 0) ? -errno : 0;
}

static inline int get_attributes(struct attributes *a)
{
	a->size = sizeof(*a);
	return syscall(SYS_sched_getattr, 0, a, sizeof(*a), 0) ? -errno : 0;
}

/* Threads of a demo begin together: each waits at the gate until all of them are there. */
static pthread_barrier_t play_gate;

static inline void gate_for(unsigned int threads)
{
	pthread_barrier_init(&play_gate, NULL, threads);
}

static inline void gate(void)
{
	pthread_barrier_wait(&play_gate);
}

static inline pthread_t start(void *(*run)(void *), void *arg)
{
	pthread_t t;

	errno = pthread_create(&t, NULL, run, arg);
	must(!errno, "create a thread");
	return t;
}

static inline void join(pthread_t t)
{
	pthread_join(t, NULL);
}

#endif
