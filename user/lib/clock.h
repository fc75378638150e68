/* SPDX-License-Identifier: GPL-2.0 */
/* Clocks, in nanoseconds. Records carry CLOCK_MONOTONIC: now_ns() is their now. */
#ifndef ONCPU_LIB_CLOCK_H
#define ONCPU_LIB_CLOCK_H

#include <stdint.h>
#include <time.h>

static inline uint64_t clock_ns(clockid_t clock)
{
	struct timespec ts;

	clock_gettime(clock, &ts);
	return (uint64_t)ts.tv_sec * 1000000000u + (uint64_t)ts.tv_nsec;
}

static inline uint64_t now_ns(void)
{
	return clock_ns(CLOCK_MONOTONIC);
}

static inline double now_s(void)
{
	return (double)now_ns() * 1e-9;
}

#endif
