// SPDX-License-Identifier: GPL-2.0
/* Threads of CPython share one lock, and so one CPU at a time; processes have one each; who sleeps gives it up. */
#include <stdlib.h>
#include <unistd.h>

#include "demo/show.h"

#define SECONDS	   "0.9"
#define SLEEP	   "0.5"
#define TURN_LEAST 0.5 /* ms: who only woke to ask for the lock had no turn */

/* Both live: from the beginning of the later one to the end of the earlier. */
static struct stretch together(const struct run *r)
{
	const struct thread *a = who(r, "worker-1"), *b = who(r, "worker-2");

	return (struct stretch){ a->start_ns > b->start_ns ? a->start_ns : b->start_ns,
				 a->end_ns < b->end_ns ? a->end_ns : b->end_ns };
}

/* Of their time, so many percent with both of them in that state. */
static double both_percent(const struct run *r, enum state state)
{
	const struct thread *a = who(r, "worker-1"), *b = who(r, "worker-2");
	struct stretch s = together(r), one;
	const struct interval *i;
	double ms = 0;

	for (i = a->intervals; i < a->intervals + a->nr_intervals; i++) {
		one = (struct stretch){ i->start_ns > s.from_ns ? i->start_ns : s.from_ns,
					i->end_ns < s.to_ns ? i->end_ns : s.to_ns };
		if (i->state == state && one.to_ns > one.from_ns)
			ms += in_state_ms(b, one, state);
	}
	return ms * 100 / length_ms(s);
}

static int by_value(const void *a, const void *b)
{
	const double *x = a, *y = b;

	return *x < *y ? -1 : *x > *y;
}

/* The middle one of its turns, without those in which it only asked. */
static double turn_ms(const struct run *r, const char *name, size_t *turns)
{
	const struct thread *t = who(r, name);
	double *each = calloc(t->nr_intervals + 1, sizeof(*each)), middle;
	const struct interval *i;
	size_t n = 0;

	if (!each)
		give_up("no memory");
	for (i = t->intervals; i < t->intervals + t->nr_intervals; i++) {
		each[n] = (double)(i->end_ns - i->start_ns) / 1e6;
		n += i->state == STATE_RUNNING && each[n] >= TURN_LEAST;
	}
	qsort(each, n, sizeof(*each), by_value);
	middle = n ? each[n / 2] : 0;
	*turns = n;
	free(each);
	return middle;
}

static const struct run *perform(const char *kind, const char *title, const char *seconds,
				 double from, double to, const char *caption)
{
	const struct run *r = act(kind, title, "python3 %s %s %s %ld", own_file("gil.py"), kind,
				  seconds, knob("interval"));

	look(r, part(together(r), from, to), "%s", caption);
	row(r, "worker-1");
	row(r, "worker-2");
	return r;
}

SHOW
{
	long interval = knob("interval");
	const struct run *threads, *processes, *sleep;
	double in_threads, in_processes, asleep, turn;
	uint64_t step = (uint64_t)interval * 1000000;
	struct stretch shown;
	size_t turns;

	if (access("/usr/bin/python3", X_OK))
		lacking("This guest has no python3.");
	record_with("--stacks=off"); /* those of the interpreter say nothing, and are deep */
	processes = perform("processes", "two processes that compute", SECONDS, 45, 55,
			    "An interpreter each, and a lock each: both rows are full.");
	sleep = perform("sleep", "two threads that sleep", SLEEP, 0, 100,
			"Who sleeps gives the lock up: they sleep together.");
	threads = perform("threads", "two threads that compute", SECONDS, 45, 55,
			  "Two CPUs, and one bar at a time: the other waits for the interpreter.");
	in_threads = both_percent(threads, STATE_RUNNING);
	in_processes = both_percent(processes, STATE_RUNNING);
	asleep = both_percent(sleep, STATE_SLEEPING);
	turn = turn_ms(threads, "worker-1", &turns);
	shown = stay(who(threads, "worker-1"), part(together(threads), 20, 80), STATE_RUNNING,
		     turn);
	look(threads, around(threads, shown.from_ns, 2 * step, 10 * step),
	     "Two CPUs, and one bar at a time: the other waits for the interpreter.");
	claim(threads, 1, shown.from_ns);
	claim(threads, 2, shown.from_ns + 10 * step);
	claim(threads, 3, shown.from_ns + step);
	happened(threads, shown.to_ns);
	answer(in_threads > 50 ? 1 : turns < 5 ? 2 : in_threads <= 40 ? 3 : 0);
	say("Two threads that compute both ran for %.0f %% of the time, on two CPUs: they took "
	    "turns, "
	    "the first %zu of them, of %.1f ms in the middle. The switch interval is %ld ms.",
	    in_threads, turns, turn, interval);
	say("Two processes both ran for %.0f %% of the time.", in_processes);
	say("Two threads that sleep did so together for %.0f %% of the time.", asleep);
	expect("threads of one interpreter hardly run together", in_threads <= 40,
	       "for %.1f %% of the time", in_threads);
	expect("they take turns", turns >= 5, "the first had %zu", turns);
	expect("a turn is about the switch interval",
	       within(turn, 0.4 * (double)interval, 4 * (double)interval + 4), "%.1f ms, of %ld",
	       turn, interval);
	expect("processes run together", in_processes >= 40 && in_processes > 1.5 * in_threads,
	       "for %.1f %% of the time", in_processes);
	expect("threads sleep together", asleep >= 60, "for %.1f %% of the time", asleep);
}
