// SPDX-License-Identifier: GPL-2.0
/* What cpu.max does: full speed until the purse is empty, then nothing until the next period. */
#include "demo/show.h"

#define RUN_MS	  2000
#define PERIOD_MS 100
#define LEAST	  0.6 /* of what the quota gives: the first and the last period are cut */
#define MOST	  1.4

static const struct run *perform(const char *name, const char *title, long quota, int threads)
{
	const struct run *r = act(name, title, "workload %ld %d %d", quota, threads, RUN_MS);
	int i;

	look(r, part(any(r, "hog"), 40, 60), "%s",
	     threads == 1 ? "hog-1 runs at full speed, and then stands until the period is over."
			  : "Each stands after half the time: they spend one purse together.");
	for (i = 1; i <= threads; i++)
		row(r, words("hog-%d", i));
	return r;
}

/* How much it ran of the time that all had, in percent of one CPU. */
static double percent(const struct run *r, const char *name)
{
	struct stretch s = both(r, "hog");

	return ran_ms(who(r, name), s) * 100 / length_ms(s);
}

SHOW
{
	long quota = knob("quota");
	const struct run *one, *two;
	double alone, first, second, stay_ms, pause_ms, stay_two;
	const struct thread *t;
	struct stretch s, shown;

	as_root();
	one = perform("one", words("one thread, %ld ms in each %d", quota, PERIOD_MS), quota, 1);
	s = both(one, "hog");
	t = who(one, "hog-1");
	alone = percent(one, "hog-1");
	stay_ms = median_ms(t, s, STATE_RUNNING);
	pause_ms = median_ms(t, s, STATE_RUNNABLE);

	two = perform("two", words("two threads on two CPUs, %ld ms in each %d", quota, PERIOD_MS),
		      quota, 2);
	s = both(two, "hog");
	t = who(two, "hog-1");
	first = percent(two, "hog-1");
	second = percent(two, "hog-2");
	stay_two = median_ms(t, s, STATE_RUNNING);
	shown = stay(t, part(s, 10, 80), STATE_RUNNING, (double)quota / 2);
	look(two, around(two, shown.from_ns, 20000000, 280000000),
	     "Each stands after half the time: they spend one purse together.");
	claim(two, 1, shown.from_ns + (uint64_t)quota * 1000000);
	claim(two, 2, shown.from_ns + (uint64_t)quota * 500000);
	claim(two, 3, around(two, shown.from_ns, 0, 280000000).to_ns);
	happened(two, shown.to_ns);
	answer(within(first + second, LEAST * (double)quota, MOST * (double)quota) ? 2
	       : first > 90							   ? 3
	       : within(first, LEAST * (double)quota, MOST * (double)quota)	   ? 1
										   : 0);
	say("Alone the thread ran %.0f %% of the time: %.0f ms at a time, and then it stood for "
	    "%.0f "
	    "ms with a CPU idle before it.",
	    alone, stay_ms, pause_ms);
	say("Two threads on two CPUs got %.0f and %.0f %%, together what one had: each ran %.0f ms "
	    "at "
	    "a time.",
	    first, second, stay_two);
	say("The kernel counted %llu periods, and stopped the group in %llu of them.",
	    (unsigned long long)number_of(two, "nr_periods"),
	    (unsigned long long)number_of(two, "nr_throttled"));
	expect("one thread gets the quota",
	       within(alone, LEAST * (double)quota, MOST * (double)quota), "%.1f %% of a CPU",
	       alone);
	expect("two threads get it together",
	       within(first + second, LEAST * (double)quota, MOST * (double)quota),
	       "%.1f and %.1f %%", first, second);
	expect("neither of the two gets it alone",
	       first < 0.85 * (double)quota && second < 0.85 * (double)quota, "%.1f and %.1f %%",
	       first, second);
	expect("it runs in one piece, and then stands",
	       within(pause_ms, 0.5 * (double)(PERIOD_MS - quota),
		      1.5 * (double)(PERIOD_MS - quota)),
	       "it stood for %.1f ms in the middle", pause_ms);
	expect("the kernel says that it stopped the group",
	       number_of(one, "nr_throttled") * 2 >= number_of(one, "nr_periods") &&
		       number_of(one, "nr_periods") >= 10,
	       "in %llu of %llu periods", (unsigned long long)number_of(one, "nr_throttled"),
	       (unsigned long long)number_of(one, "nr_periods"));
}
