// SPDX-License-Identifier: GPL-2.0
/* Spinning costs nothing where the holder is about to leave, a CPU where it is not, and all where they share one. */
#include <stdlib.h>
#include <string.h>

#include "demo/show.h"

#define SHORT_ROUNDS 20000
#define ROUNDS	     12
#define SECTION_MS   10

static struct stretch of(const struct mark *m)
{
	return (struct stretch){ m->start_ns, m->end_ns };
}

static int by_value(const void *a, const void *b)
{
	const double *x = a, *y = b;

	return *x < *y ? -1 : *x > *y;
}

/* The middle one of the sections' lengths, or of what their thread ran meanwhile. */
static double section_ms(const struct run *r)
{
	double each[ROUNDS] = {};
	const struct mark *const *marks;
	size_t n, i;

	marks = marks_of(r, "section", &n);
	for (i = 0; i < n && i < ROUNDS; i++)
		each[i] = length_ms(of(marks[i]));
	qsort(each, i, sizeof(*each), by_value);
	return i ? each[i / 2] : 0;
}

/* Of the time in which they waited, so many percent on a CPU. */
static double burned_percent(const struct run *r)
{
	const struct mark *const *marks;
	double waited = 0, ran = 0;
	size_t n, i;

	marks = marks_of(r, "wait", &n);
	for (i = 0; i < n; i++) {
		waited += length_ms(of(marks[i]));
		ran += ran_ms(&r->model->threads[marks[i]->thread], of(marks[i]));
	}
	return waited > 0 ? ran * 100 / waited : 0;
}

static struct stretch picture(const struct run *r, const char *caption)
{
	const struct mark *const *marks;
	struct stretch s;
	size_t n;
	int i;

	marks = marks_of(r, "section", &n);
	if (n < ROUNDS)
		give_up("of %d sections there are %zu", ROUNDS, n);
	s = of(marks[ROUNDS / 2]);
	look(r, around(r, s.from_ns, 10000000, 80000000), "%s", caption);
	row(r, "holder");
	for (i = 1; i <= knob("spinners"); i++)
		row(r, words("waiter-%d", i));
	with_marks(r);
	return s;
}

/* The short sections: how often the two slept, and how long it took. */
static size_t sleeps(const struct run *r, struct stretch s)
{
	return times(who(r, "first"), s, STATE_SLEEPING) +
	       times(who(r, "second"), s, STATE_SLEEPING);
}

SHOW
{
	long spinners = knob("spinners");
	const struct run *brief, *two, *one, *block;
	struct stretch spun, blocked, s;
	double wide, alone, burned, share_two;

	brief = act("short", "very short sections, two CPUs", "workload short %d", SHORT_ROUNDS);
	spun = both(brief, "short, spinning"); /* who is done sooner sleeps, and not for the lock */
	blocked = both(brief, "short, blocking");
	two = act("two", "sections of 10 ms, and one who spins, on two CPUs",
		  "workload spin 2 1 %d", ROUNDS);
	share_two = burned_percent(two);
	picture(two, "waiter-1 does nothing, and its row is full: it burns a CPU to wait.");
	block = act("block", words("all on one CPU, and %ld who sleep for the lock", spinners),
		    "workload block 1 %ld %d", spinners, ROUNDS);
	alone = section_ms(block);
	picture(block, "Who waits sleeps, and the holder has the CPU: the section is one bar.");
	one = act("spin", words("all on one CPU, and %ld who spin", spinners),
		  "workload spin 1 %ld %d", spinners, ROUNDS);
	wide = section_ms(one);
	burned = burned_percent(one);
	s = picture(one,
		    "The holder has the lock, and stands in line behind those who wait for it.");
	claim(one, 1, s.from_ns + SECTION_MS * 1000000ull);
	claim(one, 2, s.from_ns + SECTION_MS * 1000000ull * (uint64_t)(spinners + 1));
	claim(one, 3, around(one, s.from_ns, 0, 80000000).to_ns);
	happened(one, s.to_ns);
	answer(wide < 1.3 * alone ? 1 : wide < 3.0 * (double)(spinners + 1) * SECTION_MS ? 2 : 0);
	say("Of sections of a moment two spinners did %d each in %.0f ms, and slept %zu times; "
	    "with a "
	    "mutex it took %.0f ms, and they slept %zu times.",
	    SHORT_ROUNDS, length_ms(any(brief, "short, spinning")), sleeps(brief, spun),
	    length_ms(any(brief, "short, blocking")), sleeps(brief, blocked));
	say("Where the section is 10 ms, who spins on a CPU of its own runs for %.0f %% of its "
	    "wait, "
	    "and does nothing.",
	    share_two);
	say("On one CPU the section took %.0f ms while %ld slept for the lock, and %.0f ms while "
	    "%ld "
	    "spun: they had the CPU that the holder needed.",
	    alone, spinners, wide, spinners);
	expect("no spinner sleeps", sleeps(brief, spun) == 0, "%zu times", sleeps(brief, spun));
	expect("a spinner burns the CPU that it has", share_two >= 80, "%.0f %% of its wait",
	       share_two);
	expect("who blocks does not", burned_percent(block) <= 20, "%.0f %% of its wait",
	       burned_percent(block));
	expect("on one CPU spinners burn what the holder needs", burned >= 5,
	       "%.0f %% of their wait", burned);
	expect("and the section takes longer by as many as they are",
	       within(wide / alone, 0.6 * (double)(spinners + 1), 1.7 * (double)(spinners + 1)),
	       "%.1f times as long, with %ld spinners", wide / alone, spinners);
}
