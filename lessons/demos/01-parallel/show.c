// SPDX-License-Identifier: GPL-2.0
/* Taking turns is not running at the same time: the same program on one CPU, then on two. */
#include "demo/show.h"

#define WORK_MS	      700 /* of each of two workers; more of them have less each */
#define OVERLAP_LEAST 40  /* percent of the time on two CPUs */
#define RATIO_LEAST   1.4
#define RATIO_MOST    2.6

static double at_once_ms(const struct run *r, unsigned int k)
{
	return (double)r->model->parallel_ns[k] / 1e6;
}

static void rows(const struct run *r, long workers)
{
	long i;

	for (i = 1; i <= workers; i++)
		row(r, words("worker-%ld", i));
}

SHOW
{
	long workers = knob("workers"), each = 2 * WORK_MS / workers;
	const struct run *one, *two;
	struct stretch on_one, on_two, wide;
	double ratio, together;

	one = act("one", "one CPU", "workload 1 %ld %ld", workers, each);
	on_one = any(one, "work");
	look(one, part(on_one, 40, 60),
	     "One row is busy. The letters take turns: all are at work, and one runs.");
	rows(one, workers);
	expect("on one CPU no two run at one instant", one->model->peak_parallel == 1,
	       "at most %u ran at once", one->model->peak_parallel);
	expect("on one CPU they take turns",
	       times(who(one, "worker-1"), on_one, STATE_RUNNING) >= 5, "worker-1 had %zu turns",
	       times(who(one, "worker-1"), on_one, STATE_RUNNING));

	two = act("two", "two CPUs", "workload 2 %ld %ld", workers, each);
	on_two = any(two, "work");
	ratio = length_ms(on_one) / length_ms(on_two);
	together = at_once_ms(two, 2) * 100 / length_ms(on_two);
	wide = (struct stretch){ on_two.from_ns, on_two.from_ns + (on_one.to_ns - on_one.from_ns) };
	look(two, wide,
	     "Both rows are busy at the same time. The picture is as long as the run on one CPU "
	     "was.");
	rows(two, workers);
	claim(two, 1, wide.to_ns);
	claim(two, 2, wide.from_ns + (wide.to_ns - wide.from_ns) / 2);
	claim(two, 3, wide.from_ns + (wide.to_ns - wide.from_ns) / 4);
	happened(two, on_two.to_ns);
	answer(ratio < 1.2 ? 1 : within(ratio, RATIO_LEAST, RATIO_MOST) ? 2 : ratio > 3.2 ? 3 : 0);
	say("On one CPU the workers took turns: worker-1 had %zu of them, and never did two run at "
	    "one instant. "
	    "That is concurrent.",
	    times(who(one, "worker-1"), on_one, STATE_RUNNING));
	say("On two CPUs two of them ran at one instant for %.0f %% of the time. That is parallel.",
	    together);
	say("The work took %.2f s on one CPU and %.2f s on two: %.1f times as fast.",
	    length_ms(on_one) / 1000, length_ms(on_two) / 1000, ratio);
	expect("on two CPUs two run at one instant, most of the time", together >= OVERLAP_LEAST,
	       "for %.0f %% of it", together);
	expect("it takes about half as long", within(ratio, RATIO_LEAST, RATIO_MOST),
	       "%.2f times as fast", ratio);
}
