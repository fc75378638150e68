// SPDX-License-Identifier: GPL-2.0
/* How long who wants a CPU waits for one: it grows with those who want it, too. */
#include <stdlib.h>

#include "demo/show.h"

#define RUN_MS 1600
#define ROWS   7
#define STEPS  4 /* of the histogram: below 4 ms, 16, 64, and longer */

struct waits {
	double median_ms, longest_ms, turn_ms;
	size_t nr, of[STEPS];
};

/* Of all hogs, by length. What follows at once, as after a migration, is one wait: here nobody moves. */
static void count(const struct run *r, struct stretch s, struct waits *w)
{
	const struct thread *t;
	const struct interval *i;
	double ms;

	for (t = r->model->threads; t < r->model->threads + r->model->nr_threads; t++) {
		for (i = t->intervals; t->target && i < t->intervals + t->nr_intervals; i++) {
			if (i->state != STATE_RUNNABLE || i->start_ns < s.from_ns ||
			    i->end_ns > s.to_ns)
				continue;
			ms = (double)(i->end_ns - i->start_ns) / 1e6;
			w->of[ms < 4 ? 0 : ms < 16 ? 1 : ms < 64 ? 2 : 3]++;
			w->nr++;
		}
	}
}

static struct waits measure(const struct run *r)
{
	struct stretch s = part(both(r, "hog"), 5, 95);
	const struct thread *t = who(r, "hog-1");
	struct waits w = { .median_ms = median_ms(t, s, STATE_RUNNABLE),
			   .longest_ms = longest_ms(t, s, STATE_RUNNABLE),
			   .turn_ms = median_ms(t, s, STATE_RUNNING) };

	count(r, s, &w);
	if (!w.nr)
		give_up("in the run \"%s\" nobody waits", r->name);
	return w;
}

static struct stretch picture(const struct run *r, struct waits w, uint64_t side_ns, long hogs)
{
	struct stretch wait =
		stay(who(r, "hog-1"), part(both(r, "hog"), 10, 80), STATE_RUNNABLE, w.median_ms);
	long i;

	look(r, around(r, wait.from_ns, side_ns / 4, side_ns),
	     "hog-1 waits for the turns of all others: %.0f ms in the middle.", w.median_ms);
	for (i = 1; i <= hogs && i <= ROWS; i++)
		row(r, words("hog-%ld", i));
	return wait;
}

static const char *histogram(const struct waits *w)
{
	return words("%zu %% are below 4 ms, %zu %% below 16, %zu %% below 64, and %zu %% longer",
		     w->of[0] * 100 / w->nr, w->of[1] * 100 / w->nr, w->of[2] * 100 / w->nr,
		     w->of[3] * 100 / w->nr);
}

/* As many times as there are others, instead of one. */
static bool near_others(double factor, long hogs)
{
	return within(factor, 0.5 * (double)(hogs - 1), 1.7 * (double)(hogs - 1));
}

SHOW
{
	long most = knob("hogs"), half = most / 2;
	const struct run *two, *some, *many;
	struct waits w2, wsome, wmany;
	struct stretch wait;
	uint64_t side;
	double factor;

	two = act("two", "two hogs", "workload 2 %d", RUN_MS);
	some = act("some", words("%ld hogs", half), "workload %ld %d", half, RUN_MS);
	many = act("many", words("%ld hogs", most), "workload %ld %d", most, RUN_MS);
	w2 = measure(two);
	wsome = measure(some);
	wmany = measure(many);
	side = (uint64_t)(wmany.median_ms * 2e6);
	picture(two, w2, side, 2);
	picture(some, wsome, side, half);
	wait = picture(many, wmany, side, most);
	factor = wmany.median_ms / w2.median_ms;
	claim(many, 1, wait.from_ns + (uint64_t)(w2.median_ms * 1e6));
	claim(many, 2, wait.from_ns + (uint64_t)(w2.median_ms * 2e6));
	claim(many, 3, wait.from_ns + (uint64_t)(w2.median_ms * (double)(most - 1) * 1e6));
	happened(many, wait.to_ns);
	answer(factor < 1.3 ? 1 : near_others(factor, most) ? 3 : within(factor, 1.3, 2.6) ? 2 : 0);
	say("With two hogs the first one waits %.1f ms for its turn, with %ld it is %.1f, with %ld "
	    "%.1f ms, once %.0f; a turn is %.1f, %.1f and %.1f ms.",
	    w2.median_ms, half, wsome.median_ms, most, wmany.median_ms, wmany.longest_ms,
	    w2.turn_ms, wsome.turn_ms, wmany.turn_ms);
	say("The histogram moves to the right. Of the waits of two hogs %s; of those of %ld %s.",
	    histogram(&w2), most, histogram(&wmany));
	expect("the wait grows with those who wait",
	       wmany.median_ms > wsome.median_ms && (half == 2 || wsome.median_ms > w2.median_ms),
	       "%.1f, %.1f, %.1f ms", w2.median_ms, wsome.median_ms, wmany.median_ms);
	expect("about by as many as there are others", near_others(factor, most),
	       "%.1f times, and there are %ld others instead of one", factor, most - 1);
	expect("the turns stay as they are", within(wmany.turn_ms / w2.turn_ms, 0.4, 2.5),
	       "%.1f ms, and %.1f", w2.turn_ms, wmany.turn_ms);
}
