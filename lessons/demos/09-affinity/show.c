// SPDX-License-Identifier: GPL-2.0
/* Three hogs on two CPUs: left alone they change places and are nearly even; bound, nobody moves, and it is unfair. */
#include "demo/show.h"

#define HOGS 3
#define SPREAD_MOST \
	12 /* points of percent between the first and the last, where they are left alone */

struct outcome {
	double share[HOGS], most, least;
	size_t moves;
};

/* How often it went on on another CPU than before. */
static size_t moves(const struct thread *t, struct stretch s)
{
	const struct interval *i, *before = NULL;
	size_t n = 0;

	for (i = t->intervals; i < t->intervals + t->nr_intervals; i++) {
		if (i->state != STATE_RUNNING || i->end_ns <= s.from_ns || i->start_ns >= s.to_ns)
			continue;
		n += before && before->cpu != i->cpu;
		before = i;
	}
	return n;
}

static struct outcome measure(const struct run *r, struct stretch s)
{
	struct outcome o = { .least = 100 };
	int i;

	for (i = 0; i < HOGS; i++) {
		o.share[i] = share(r, s, words("hog-%d", i + 1));
		o.most = o.share[i] > o.most ? o.share[i] : o.most;
		o.least = o.share[i] < o.least ? o.share[i] : o.least;
		o.moves += moves(who(r, words("hog-%d", i + 1)), s);
	}
	return o;
}

static void picture(const struct run *r, struct stretch s, const char *caption)
{
	int i;

	look(r, s, "%s", caption);
	for (i = 1; i <= HOGS; i++)
		row(r, words("hog-%d", i));
}

SHOW
{
	long ms = knob("seconds") * 1000;
	const struct run *pinned, *left;
	struct outcome p, f;
	struct stretch s;

	pinned = act("pinned", "bound: hog-1 and hog-2 to CPU 0, hog-3 to CPU 1",
		     "workload pinned %d", 2500);
	s = part(both(pinned, "hog"), 5, 100);
	p = measure(pinned, s);
	picture(pinned, part(s, 40, 50),
		"Nobody moves. hog-3 has a CPU of its own, the others share one.");
	left = act("free", "left alone", "workload free %ld", ms);
	s = both(left, "hog");
	f = measure(left, s);
	picture(left, s,
		"They change places: whoever shares a CPU now has one alone a little later.");
	claim_share(left, 1, 25);
	claim_share(left, 2, 100 / 3.0);
	claim_share(left, 3, 50);
	happened_share(left, f.share[0]);
	answer(f.most - f.least <= SPREAD_MOST ? 2 : 0);
	say("Bound, they got %.0f, %.0f and %.0f %% of what there was, and none of them ever "
	    "changed its CPU.",
	    p.share[0], p.share[1], p.share[2]);
	say("Left alone they changed CPUs %zu times in %ld s, and got %.0f, %.0f and %.0f %%.",
	    f.moves, ms / 1000, f.share[0], f.share[1], f.share[2]);
	say("Each CPU is fair to its own threads only. That it comes out even is the load "
	    "balancer's work, and it takes its time: some moves a second, not one each turn.");
	expect("bound, nobody moves", p.moves == 0, "%zu moves", p.moves);
	expect("bound, the one that is alone gets twice as much",
	       within(p.share[2], 42, 58) && within(p.share[0], 17, 33) &&
		       within(p.share[1], 17, 33),
	       "%.1f, %.1f, %.1f %%", p.share[0], p.share[1], p.share[2]);
	expect("left alone, they change places", f.moves >= (size_t)ms / 1000, "%zu moves in %ld s",
	       f.moves, ms / 1000);
	expect("left alone, it is more even than bound",
	       f.most - f.least <= SPREAD_MOST && f.most - f.least < p.most - p.least,
	       "%.1f points between the most and the least, bound %.1f", f.most - f.least,
	       p.most - p.least);
}
