// SPDX-License-Identifier: GPL-2.0
/* The kernel's weights: nice 0 is 1024, and a step of nice is a factor of about 1.25. */
#include "demo/show.h"

#define RUN_MS	2500
#define LOOK_MS 160
#define SETTLED 10 /* percent of the run until both have found their CPU and their weight */
#define AROUND	9  /* points of percent: the shares of some hundred turns */

static const double weights[] = { /* kernel/sched/core.c, from nice 0 to 19 */
				  1024, 820, 655, 526, 423, 335, 272, 215, 172, 137,
				  110,	87,  70,  56,  45,  36,	 29,  23,  18,	15
};

static void picture(const struct run *r, struct stretch s, const char *caption)
{
	look(r, typical(r, s, LOOK_MS, "first"), "%s", caption);
	row(r, "first");
	row(r, "second");
}

static void lay_claims(const struct run *r, double first)
{
	claim_share(r, 1, 50);
	claim_share(r, 2, 75);
	claim_share(r, 3, 95);
	happened_share(r, first);
}

static unsigned int option_of(double first)
{
	return first < 53 ? 1 : within(first, 68, 82) ? 2 : within(first, 91, 99.5) ? 3 : 0;
}

SHOW
{
	long nice = knob("nice");
	double wanted = 100 * weights[0] / (weights[0] + weights[nice]);
	const struct run *even, *uneven;
	double first_even, first;
	struct stretch s;

	even = act("even", "both at nice 0", "workload %d 0", RUN_MS);
	s = part(both(even, "hog"), SETTLED, 100);
	first_even = share(even, s, "first");
	picture(even, s, "They take turns, and neither gets more than the other.");
	say("With nice 0 for both, the first got %.0f %% of the CPU and the second %.0f %%.",
	    first_even, 100 - first_even);
	expect("at the same nice value they share evenly",
	       within(first_even, 50 - AROUND, 50 + AROUND), "the first got %.1f %%", first_even);

	uneven = act("uneven", words("the second at nice %ld", nice), "workload %d %ld", RUN_MS,
		     nice);
	s = part(both(uneven, "hog"), SETTLED, 100);
	first = share(uneven, s, "first");
	picture(uneven, s,
		nice ? "Both still get turns, the first more and longer ones. Below, the same time "
		       "with the turns pushed together: that is the share."
		     : "The same again. Below, the same time with the turns pushed together: that "
		       "is the share.");
	lay_claims(uneven, first);
	answer(option_of(first));
	say("With nice %ld for the second it was %.0f to %.0f. The kernel gives nice 0 the weight "
	    "1024 and nice %ld the weight %.0f, which makes %.0f to %.0f.",
	    nice, first, 100 - first, nice, weights[nice], wanted, 100 - wanted);
	say("Nobody starves: the share of the second came in %zu turns, and the longest wait for "
	    "one was %.0f ms.",
	    times(who(uneven, "second"), s, STATE_RUNNING),
	    longest_ms(who(uneven, "second"), s, STATE_RUNNABLE));
	expect("the shares are those of the weights",
	       within(first, wanted - AROUND, wanted + AROUND),
	       "the first got %.1f %%, and the weights make it %.1f %%", first, wanted);
	expect("the nicer one still gets its turns",
	       times(who(uneven, "second"), s, STATE_RUNNING) >= 2, "it had %zu turns",
	       times(who(uneven, "second"), s, STATE_RUNNING));
}
