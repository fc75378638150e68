// SPDX-License-Identifier: GPL-2.0
/* A reservation: so many ms in each period, whatever the load, and no more. What is not there is not promised. */
#include "demo/show.h"

#define RUN_MS	  3000
#define PERIOD_MS 100
#define PERIODS_GOOD \
	60 /* percent of the periods of three periods that are to have about what was reserved */

/* How many stretches of so many periods have between half and twice the runtime in each. */
static size_t good_periods(const struct thread *t, struct stretch s, double runtime, int periods,
			   size_t *all)
{
	uint64_t length = (uint64_t)periods * PERIOD_MS * 1000000;
	struct stretch one = s;
	size_t good = 0;

	*all = 0;
	for (; one.from_ns + length <= s.to_ns; one.from_ns = one.to_ns) {
		one.to_ns = one.from_ns + length;
		good += within(ran_ms(t, one) / periods, runtime / 2, runtime * 2);
		++*all;
	}
	return good;
}

SHOW
{
	long runtime = knob("runtime");
	const struct thread *t;
	const struct run *r;
	struct stretch s, one;
	double percent;
	size_t good, all, steady, of;

	as_root();
	r = act("reserved",
		words("%ld ms in each %d ms are reserved, and both CPUs have a hog", runtime,
		      PERIOD_MS),
		"workload %ld %d %d", runtime, PERIOD_MS, RUN_MS);
	s = any(r, "reserved");
	t = who(r, "punctual");
	percent = ran_ms(t, s) * 100 / length_ms(s);
	good = good_periods(t, s, (double)runtime, 1, &all);
	steady = good_periods(t, s, (double)runtime, 3, &of);
	one = stay(t, part(s, 10, 80), STATE_RUNNING, (double)runtime);
	look(r, around(r, one.from_ns, 20000000, 350000000),
	     "\"punctual\" wants a CPU all the time, and has one for what it reserved, in each "
	     "period. Its place may change.");
	row(r, "punctual");
	row(r, "hog-0");
	row(r, "hog-1");
	claim(r, 1, one.from_ns + 2 * PERIOD_MS * 1000000ull / 3);
	claim(r, 2, one.from_ns + (uint64_t)runtime * 1000000);
	claim(r, 3, one.from_ns + PERIOD_MS * 1000000ull);
	happened(r, one.to_ns);
	answer(within(percent, 0.6 * (double)runtime, 1.5 * (double)runtime) ? 2 : 0);
	say("It reserved %ld ms in each %d, and ran %.1f %% of the time although it never slept: "
	    "in %zu of %zu periods about what it had reserved.",
	    runtime, PERIOD_MS, percent, good, all);
	say("Then others asked for half a CPU each. %llu got it; the next was refused with EBUSY. "
	    "The kernel promises only what it has.",
	    (unsigned long long)number_of(r, "granted"));
	expect("it gets what it reserved, and no more",
	       within(percent, 0.6 * (double)runtime, 1.5 * (double)runtime), "%.1f %% of a CPU",
	       percent);
	expect("all the time, in any three periods", steady * 100 >= of * PERIODS_GOOD,
	       "in %zu of %zu stretches of three periods", steady, of);
	expect("over-booking is refused",
	       number_of(r, "refused_busy") == 1 && number_of(r, "granted") <= 3,
	       "%llu times half a CPU were granted, of two CPUs",
	       (unsigned long long)number_of(r, "granted"));
}
