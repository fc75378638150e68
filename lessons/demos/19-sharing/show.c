// SPDX-License-Identifier: GPL-2.0
/* Two numbers in one cache line, or in two: the timeline is the same. That is its limit, and the lesson. */
#include "demo/show.h"

#define THOUSANDS 60000
#define FAR	  256
#define FULL	  75 /* percent of its CPU: this is no idle machine */

struct outcome {
	double ms, first, second; /* how long; how full the rows are, in percent */
	size_t sleeps;
	bool right;
};

static double full(const struct run *r, const char *name)
{
	struct stretch s = both(r, "count");

	return ran_ms(who(r, name), s) * 100 / length_ms(s);
}

static struct outcome perform(const char *name, const char *title, long apart)
{
	const struct run *r = act(name, title, "workload %ld %d", apart, THOUSANDS);
	struct stretch s = both(r, "count");

	look(r, part(s, 40, 60), "Both rows are full, and nobody waits.");
	row(r, "first");
	row(r, "second");
	return (struct outcome){ .ms = length_ms(any(r, "count")),
				 .first = full(r, "first"),
				 .second = full(r, "second"),
				 .sleeps = times(who(r, "first"), s, STATE_SLEEPING) +
					   times(who(r, "second"), s, STATE_SLEEPING),
				 .right = number_of(r, "number-0") == THOUSANDS * 1000ull &&
					  number_of(r, "number-1") == THOUSANDS * 1000ull };
}

static void expect_full(const char *name, struct outcome o)
{
	expect(name, o.first >= FULL && o.second >= FULL && !o.sleeps,
	       "they ran %.0f and %.0f %% of the time, and slept %zu times", o.first, o.second,
	       o.sleeps);
}

/*
 * No prediction lies over the pictures: the options say what rows look like, and not when anything happens. The
 * two pictures are to be compared.
 */
SHOW
{
	long apart = 8 * knob("apart");
	struct outcome distant, near;

	distant = perform("far", words("the numbers %d bytes apart", FAR), FAR);
	near = perform("near", words("the numbers %ld bytes apart", apart), apart);
	answer(near.sleeps				   ? 1
	       : near.first + near.second < 130		   ? 2
	       : near.first >= FULL && near.second >= FULL ? 3
							   : 0);
	say("%ld bytes apart the two ran %.0f and %.0f %% of the time, %d bytes apart %.0f and "
	    "%.0f %%. "
	    "Nobody slept, and the pictures are the same.",
	    apart, near.first, near.second, FAR, distant.first, distant.second);
	say("It took %.0f ms, and %.0f ms: %.1f times as long, on this machine, whose CPUs are "
	    "those of "
	    "a guest. Nothing in the picture says why.",
	    near.ms, distant.ms, near.ms / distant.ms);
	say("A timeline shows who had a CPU, and not what became of the time: for that there are "
	    "the "
	    "counters of the CPU itself.");
	expect_full("far apart both rows are full", distant);
	expect_full("side by side they are as full", near);
	expect("nothing is lost: each counts its own", distant.right && near.right, "%s",
	       distant.right && near.right ? "all numbers are right" : "a number is wrong");
}
