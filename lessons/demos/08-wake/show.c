// SPDX-License-Identifier: GPL-2.0
/* Who wakes up takes the CPU from a hog at once, unless it said that it is in no hurry: SCHED_BATCH. */
#include <stdlib.h>

#include "demo/show.h"

#define WAKES	90
#define SOON_MS 1.0

struct delays {
	double median_ms, longest_ms;
	size_t nr, late; /* longer than SOON_MS */
};

static int by_value(const void *a, const void *b)
{
	const double *x = a, *y = b;

	return *x < *y ? -1 : *x > *y;
}

/* From waking up to running: not what it waits after it had to leave its CPU. */
static struct delays measure(const struct run *r)
{
	const struct thread *t = who(r, "sleeper");
	double *each = calloc(t->nr_intervals + 1, sizeof(*each));
	struct stretch s = any(r, "wakes");
	const struct interval *i;
	struct delays d = {};

	if (!each)
		give_up("no memory");
	for (i = t->intervals; i < t->intervals + t->nr_intervals; i++) {
		if (i->state != STATE_RUNNABLE || i->cause != CAUSE_WOKEN ||
		    i->start_ns < s.from_ns)
			continue;
		each[d.nr] = (double)(i->end_ns - i->start_ns) / 1e6;
		d.late += each[d.nr++] > SOON_MS;
	}
	qsort(each, d.nr, sizeof(*each), by_value);
	d.median_ms = d.nr ? each[d.nr / 2] : 0;
	d.longest_ms = d.nr ? each[d.nr - 1] : 0;
	free(each);
	return d;
}

/* Where it woke up and waited about so long, with some time before and after. */
static struct stretch picture(const struct run *r, double ms, long slice, const char *caption)
{
	struct stretch s = any(r, "wakes"), wait;
	uint64_t side = (uint64_t)slice * 1000000;

	wait = stay(who(r, "sleeper"), part(s, 10, 90), STATE_RUNNABLE, ms);
	look(r, around(r, wait.from_ns, side, 2 * side), "%s", caption);
	row(r, "sleeper");
	row(r, "hog-1");
	row(r, "hog-2");
	return wait;
}

SHOW
{
	long slice = knob("slice");
	const struct run *normal, *batch;
	struct delays n, b;
	struct stretch wait;

	normal = act("normal", "an ordinary sleeper", "workload normal %ld %ld %d", slice * 1000,
		     slice, WAKES);
	n = measure(normal);
	picture(normal, n.median_ms, slice,
		"The sleeper wakes up and runs, in the middle of a hog's turn.");
	batch = act("batch", "a sleeper of SCHED_BATCH", "workload batch %ld %ld %d", slice * 1000,
		    slice, WAKES);
	b = measure(batch);
	wait = picture(batch, b.median_ms > slice / 2.0 ? b.median_ms : slice / 2.0, slice,
		       "The sleeper wakes up, and waits until the hog's turn is over.");
	claim(batch, 1, wait.from_ns);
	claim(batch, 2, wait.to_ns);
	claim(batch, 3, wait.from_ns + (uint64_t)slice * 2000000);
	happened(batch, wait.to_ns);
	answer(b.late > n.late ? 2 : 1);
	say("An ordinary sleeper ran %.2f ms after it woke up, in the middle; %zu of %zu times it "
	    "took longer than %.0f ms.",
	    n.median_ms, n.late, n.nr, SOON_MS);
	say("With SCHED_BATCH it was %.2f ms, and %zu of %zu times longer than %.0f ms; once %.0f "
	    "ms.",
	    b.median_ms, b.late, b.nr, SOON_MS, b.longest_ms);
	say("Both sleep most of the time, and are owed their share. Who wakes up may take the CPU "
	    "at once; who says that it is a batch job waits for the end of a turn.");
	expect("an ordinary sleeper mostly runs at once", n.late * 2 < n.nr,
	       "%zu of %zu took longer than %.0f ms", n.late, n.nr, SOON_MS);
	expect("a batch job waits longer", b.late * n.nr > n.late * b.nr + b.nr * n.nr / 8,
	       "%zu of %zu took longer than %.0f ms, and %zu of %zu of the ordinary one's", b.late,
	       b.nr, SOON_MS, n.late, n.nr);
}
