// SPDX-License-Identifier: GPL-2.0
/* A thread may ask for a slice of its own (6.12 and later): the same share in fewer and longer turns. */
#include "demo/show.h"

#define RUN_MS	    2500
#define SETTLED	    10
#define FEW_MS	    8 /* on a busy machine an emulated CPU may stand still for as long */
#define SHARE_LEAST 40
#define SHARE_MOST  60

struct turns {
	double share, turn_ms, wait_ms;
	size_t nr;
};

static struct turns measure(const struct run *r, struct stretch s)
{
	const struct thread *t = who(r, "first");

	return (struct turns){ share(r, s, "first"), median_ms(t, s, STATE_RUNNING),
			       median_ms(t, s, STATE_RUNNABLE), times(t, s, STATE_RUNNING) };
}

static struct stretch hogs(const struct run *r)
{
	return part(both(r, "hog"), SETTLED, 100);
}

/* From the beginning of a turn on, so that the eye can measure it. */
static struct stretch picture(const struct run *r, double turn_ms, double ms, const char *caption)
{
	struct stretch s = hogs(r), turn;

	turn = stay(who(r, "first"), part(s, 0, 80), STATE_RUNNING, turn_ms);
	s = around(r, turn.from_ns, 0, (uint64_t)(ms * 1e6));
	look(r, s, "%s", caption);
	row(r, "first");
	row(r, "second");
	return turn;
}

static bool as_asked(double turn_ms, long slice)
{
	return within(turn_ms, 0.6 * (double)slice,
		      slice < FEW_MS ? 2 * FEW_MS : 1.6 * (double)slice);
}

SHOW
{
	long slice = knob("slice");
	const struct run *usual, *own;
	struct turns u, o;
	struct stretch turn;
	double ms;

	usual = act("usual", "the kernel's slice", "workload %d 0", RUN_MS);
	u = measure(usual, hogs(usual));
	ms = 4.5 * (slice > u.turn_ms ? (double)slice : u.turn_ms);
	own = act("own", words("each asks for a slice of %ld ms", slice), "workload %d %ld", RUN_MS,
		  slice * 1000);
	if (number_of(own, "slice_us") != (uint64_t)slice * 1000)
		lacking("This kernel has no slices of one's own: they came with 6.12.");
	o = measure(own, hogs(own));
	picture(usual, u.turn_ms, ms, "Turns of the kernel's own length.");
	turn = picture(own, o.turn_ms, ms,
		       "Both rows get as much as before, in turns as long as was asked for.");
	claim(own, 2, turn.from_ns + (uint64_t)slice * 1000000);
	claim(own, 3, turn.from_ns + (uint64_t)(u.turn_ms * 1e6));
	happened(own, turn.to_ns);
	answer(!within(o.share, SHARE_LEAST, SHARE_MOST) ? 1 : as_asked(o.turn_ms, slice) ? 2 : 0);
	say("With the kernel's slice the first hog ran %.1f ms at a time, in the middle, and then "
	    "waited %.1f ms; "
	    "it got %.0f %% of the CPU.",
	    u.turn_ms, u.wait_ms, u.share);
	say("When both asked for %ld ms, it ran %.1f ms at a time and waited %.1f ms; it got %.0f "
	    "%%.",
	    slice, o.turn_ms, o.wait_ms, o.share);
	say(o.nr < u.nr ? "So a slice is no share. A long one buys fewer switches (%zu turns "
			  "instead of %zu), and is paid in waiting."
			: "So a slice is no share. A short one buys shorter waits, and is paid in "
			  "switches (%zu turns instead of %zu).",
	    o.nr, u.nr);
	expect("the share stays what it was",
	       within(u.share, SHARE_LEAST, SHARE_MOST) && within(o.share, SHARE_LEAST, SHARE_MOST),
	       "%.1f %%, then %.1f %%", u.share, o.share);
	expect("a turn is as long as the slice", as_asked(o.turn_ms, slice),
	       "%.2f ms, and %ld ms were asked for", o.turn_ms, slice);
	if (slice >= 20)
		expect("turns are longer than the kernel's", o.turn_ms > 1.3 * u.turn_ms,
		       "%.2f ms, and %.2f ms before", o.turn_ms, u.turn_ms);
}
