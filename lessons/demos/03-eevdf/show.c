// SPDX-License-Identifier: GPL-2.0
/*
 * CFS took whoever had had least; EEVDF takes, of those who have had too little, the one whose slice must be
 * served first. One kernel has one of them only, so this shows what EEVDF does that CFS could not.
 */
#include "demo/show.h"

#define RUN_MS	3500
#define SETTLED 10
#define LOOK_MS 300
#define NEAR	9   /* points of percent from a third */
#define OFTENER 1.4 /* times as many turns as before, with a tenth of the slice */

static void picture(const struct run *r, struct stretch s, const char *caption)
{
	look(r, typical(r, s, LOOK_MS, "short"), "%s", caption);
	row(r, "short");
	row(r, "long-1");
	row(r, "long-2");
}

static size_t turns(const struct run *r, struct stretch s, const char *name)
{
	return times(who(r, name), s, STATE_RUNNING);
}

SHOW
{
	long few = knob("short"), many = 30;
	const struct run *same, *differ;
	struct stretch s, d;
	double third = 100 / 3.0, first, first_same;
	double oftener;

	same = act("same", words("all three ask for %ld ms", many), "workload %d %ld %ld", RUN_MS,
		   many, many);
	s = part(both(same, "hog"), SETTLED, 100);
	first_same = share(same, s, "short");
	picture(same, s, "All ask for the same: one after the other, as under CFS.");
	differ = act("differ", words("\"short\" asks for %ld ms, the others for %ld", few, many),
		     "workload %d %ld %ld", RUN_MS, few, many);
	if (number_of(differ, "short_ms") != (uint64_t)few)
		lacking("This kernel has no slices of one's own (6.12 and later), so EEVDF looks "
			"as CFS did.");
	d = part(both(differ, "hog"), SETTLED, 100);
	first = share(differ, d, "short");
	oftener = (double)turns(differ, d, "short") / (double)turns(same, s, "short");
	picture(differ, d,
		"\"short\" comes in between again and again. Below, the same time pushed together: "
		"it gets no more for that, and no less.");
	claim_share(differ, 1, 100.0 * (double)few / (double)(few + 2 * many));
	claim_share(differ, 2, third);
	claim_share(differ, 3, 60);
	happened_share(differ, first);
	answer(within(first, third - NEAR, third + NEAR) ? 2 : first < 15 ? 1 : first > 50 ? 3 : 0);
	say("When all asked for %ld ms, the first had %.0f %% in %zu turns, and the others %zu and "
	    "%zu.",
	    many, first_same, turns(same, s, "short"), turns(same, s, "long-1"),
	    turns(same, s, "long-2"));
	say("When it asked for %ld ms, it had %.0f %% in %zu turns: %.1f times as many as before, "
	    "for the same share. In the middle it waited %.0f ms for the next one; before, %.0f "
	    "ms.",
	    few, first, turns(differ, d, "short"), oftener,
	    median_ms(who(differ, "short"), d, STATE_RUNNABLE),
	    median_ms(who(same, "short"), s, STATE_RUNNABLE));
	say("CFS, until Linux 6.5, took who had had least, and nobody could ask for anything. "
	    "EEVDF first asks who is owed time, and takes of those the one whose slice is due "
	    "first.");
	expect("a third each, where all ask for the same",
	       within(first_same, third - NEAR, third + NEAR), "the first had %.1f %%", first_same);
	expect("a third, too, for who asks for short turns",
	       within(first, third - NEAR, third + NEAR), "the first had %.1f %%", first);
	if (few * 5 <= many)
		expect("but in more turns than before", oftener >= OFTENER, "%.2f times as many",
		       oftener);
}
