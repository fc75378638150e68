// SPDX-License-Identifier: GPL-2.0
/* A real-time thread that never sleeps, and what the kernel leaves to everybody else: a deadline server's time. */
#include "demo/show.h"

#define RUN_MS	  5000
#define PERIOD_MS 1000
#define LEAST	  0.5 /* of what the server is to give, and */
#define MOST	  2.0 /* its most: the first and the last period are cut */

SHOW
{
	long server = knob("server");
	const struct thread *ordinary;
	const struct run *r;
	struct stretch s;
	double got, wanted, hog;
	size_t turns;

	as_root();
	r = act("rescue",
		words("SCHED_FIFO against an ordinary thread, %ld ms in each second for that one",
		      server),
		"workload %ld %d", server, RUN_MS);
	if (number_of(r, "server") != 1)
		lacking("This kernel has no deadline server (6.12 and later), or hides it. Before "
			"it, real-time throttling took 50 ms in each second from all of "
			"SCHED_FIFO.");
	s = any(r, "rules");
	ordinary = who(r, "ordinary");
	got = ran_ms(ordinary, s);
	hog = share(r, s, "hog");
	wanted = length_ms(s) * (double)server / PERIOD_MS;
	turns = times(ordinary, s, STATE_RUNNING);
	look(r, typical(r, s, 2.2 * PERIOD_MS, "hog"),
	     "The ordinary thread wants the CPU all the time, and gets it once a second. Below, "
	     "the turns pushed together.");
	row(r, "hog");
	row(r, "ordinary");
	claim_share(r, 1, 99.5);
	claim_share(r, 2, 100 - (double)server / 10);
	claim_share(r, 3, 50);
	happened_share(r, hog);
	answer(got < 5 ? 1 : within(got, LEAST * wanted, MOST * wanted) ? 2 : hog < 60 ? 3 : 0);
	say("In %.1f s the hog of SCHED_FIFO ran %.0f %% of the time. The ordinary thread ran %zu "
	    "times, %.0f ms at a time in the middle, and once waited %.0f ms.",
	    length_ms(s) / 1000, hog, turns, median_ms(ordinary, s, STATE_RUNNING),
	    longest_ms(ordinary, s, STATE_RUNNABLE));
	say("That is no kindness of the hog's: the kernel's deadline server gives the fair class "
	    "%ld ms in each second, before any SCHED_FIFO, where it would get nothing otherwise.",
	    server);
	expect("the ordinary thread gets what the server gives",
	       within(got, LEAST * wanted, MOST * wanted), "%.0f ms, and the server gives %.0f",
	       got, wanted);
	expect("it comes about once a second", within((double)turns, 3, 20), "%zu times in %.1f s",
	       turns, length_ms(s) / 1000);
	expect("the hog has nearly all the rest", hog >= 90 - (double)server / 10, "%.1f %%", hog);
}
