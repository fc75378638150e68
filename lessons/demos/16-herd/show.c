// SPDX-License-Identifier: GPL-2.0
/* One item for many who wait: to wake all of them, or one. */
#include <stdlib.h>
#include <string.h>

#include "demo/show.h"

#define EVENTS	  3
#define ROWS	  7  /* of the workers, in the picture */
#define HERD_PART 75 /* percent of the threads, at least */
#define FEW	  3

struct herd {
	double woken, wakes; /* the middle one of the events: different threads, and wake-ups */
	double busy_ms;
};

static struct stretch after_event(const struct run *r, size_t n)
{
	return (struct stretch){ point(r, "event", n)->start_ns,
				 point(r, "event", n + 1)->start_ns };
}

static bool is_worker(const struct thread *t)
{
	return t->target && !strncmp(t->comm, "worker-", 7);
}

static size_t wakes_of(const struct thread *t, struct stretch s)
{
	const struct interval *i;
	size_t n = 0;

	for (i = t->intervals; i < t->intervals + t->nr_intervals; i++)
		n += i->cause == CAUSE_WOKEN && i->start_ns >= s.from_ns && i->start_ns < s.to_ns;
	return n;
}

static int by_value(const void *a, const void *b)
{
	const double *x = a, *y = b;

	return *x < *y ? -1 : *x > *y;
}

static struct herd measure(const struct run *r)
{
	double woken[EVENTS] = {}, wakes[EVENTS] = {}, busy[EVENTS] = {};
	const struct thread *t;
	struct stretch s;
	size_t e, n;

	for (e = 0; e < EVENTS; e++) {
		s = after_event(r, e);
		for (t = r->model->threads; t < r->model->threads + r->model->nr_threads; t++) {
			n = is_worker(t) ? wakes_of(t, s) : 0;
			woken[e] += n > 0;
			wakes[e] += (double)n;
			busy[e] += is_worker(t) ? ran_ms(t, s) : 0;
		}
	}
	qsort(woken, EVENTS, sizeof(*woken), by_value);
	qsort(wakes, EVENTS, sizeof(*wakes), by_value);
	qsort(busy, EVENTS, sizeof(*busy), by_value);
	return (struct herd){ woken[EVENTS / 2], wakes[EVENTS / 2], busy[EVENTS / 2] };
}

static size_t items(const struct run *r)
{
	size_t n;

	marks_of(r, "item", &n);
	return n;
}

/* From an event until all are asleep again, and how long that is, with some time on either side. */
static struct stretch stampede(const struct run *r, size_t n)
{
	struct stretch s = after_event(r, n);
	uint64_t end = s.from_ns, least = 1000000, length;
	const struct interval *i;
	const struct thread *t;

	for (t = r->model->threads; t < r->model->threads + r->model->nr_threads; t++)
		for (i = t->intervals; is_worker(t) && i < t->intervals + t->nr_intervals; i++)
			if (i->state == STATE_RUNNING && i->start_ns >= s.from_ns &&
			    i->start_ns < s.to_ns && i->end_ns > end)
				end = i->end_ns;
	length = end - s.from_ns > least ? end - s.from_ns : least;
	return around(r, s.from_ns, length / 8, length + length / 4);
}

static int by_time(const void *a, const void *b)
{
	const uint64_t *x = a, *y = b;

	return *x < *y ? -1 : *x > *y;
}

/*
 * The instants at which the first, the second and the last of them got a CPU: whoever says "one" or "two"
 * says that this was all.
 */
static void lay_claims(const struct run *r)
{
	struct stretch s = after_event(r, EVENTS / 2);
	uint64_t *first = calloc(r->model->nr_threads + 1, sizeof(*first));
	const struct interval *i;
	const struct thread *t;
	size_t n = 0;

	if (!first)
		give_up("no memory");
	for (t = r->model->threads; t < r->model->threads + r->model->nr_threads; t++)
		for (i = t->intervals; is_worker(t) && i < t->intervals + t->nr_intervals; i++)
			if (i->state == STATE_RUNNING && i->start_ns >= s.from_ns &&
			    i->start_ns < s.to_ns) {
				first[n++] = i->start_ns;
				break;
			}
	qsort(first, n, sizeof(*first), by_time);
	if (n > 2) {
		claim(r, 1, first[0]);
		claim(r, 2, first[1]);
		claim(r, 3, first[n - 1]);
		happened(r, first[n - 1]);
	}
	free(first);
}

/* Who took the item of that event first, then some of the others. */
static void picture(const struct run *r, const char *caption)
{
	const struct mark *taken = point(r, "item", EVENTS / 2);
	const char *one, *lucky = name_of(r, taken->tid);
	int i;

	look(r, stampede(r, EVENTS / 2), "%s", caption);
	row(r, "bringer");
	row(r, lucky);
	for (i = 1; i < ROWS; i++) {
		one = words("worker-%d", i);
		if (strcmp(one, lucky))
			row(r, one);
	}
}

static const struct run *perform(const char *kind, const char *title, const char *caption,
				 struct herd *h)
{
	const struct run *r = act(kind, title, "workload %s %ld %d", kind, knob("threads"), EVENTS);

	*h = measure(r);
	picture(r, caption);
	return r;
}

SHOW
{
	struct herd all, one, epoll, exclusive;
	double threads = (double)knob("threads"), least = threads * HERD_PART / 100;
	const struct run *r;

	record_with("--stacks=off"); /* of 32 threads at one place */
	r = perform("signal", "pthread_cond_signal()", "One item, one thread.", &one);
	expect("nobody who was woken alone came in vain", items(r) == EVENTS, "%zu of %d items",
	       items(r), EVENTS);
	perform("exclusive", "epoll with EPOLLEXCLUSIVE", "One item, one thread.", &exclusive);
	perform("epoll", "epoll, each thread with its own",
		"One item, and all of them come out of epoll to look.", &epoll);
	r = perform(
		"broadcast", "pthread_cond_broadcast()",
		"One item: one after the other is woken, looks, and sleeps again. The flags: when "
		"has the last of them its CPU?",
		&all);
	lay_claims(r);
	answer(all.woken >= least ? 3 : all.woken <= 1 ? 1 : 0);
	say("With broadcast one item woke %.0f of %.0f threads, by %.0f wake-ups: they ran %.2f "
	    "ms, "
	    "and one of them had something to do.",
	    all.woken, threads, all.wakes, all.busy_ms);
	say("With signal it was %.0f thread, and %.2f ms.", one.woken, one.busy_ms);
	say("At a file it is the same: epoll woke %.0f of them, and %.0f with EPOLLEXCLUSIVE.",
	    epoll.woken, exclusive.woken);
	expect("broadcast wakes the herd", all.woken >= least, "%.0f of %.0f", all.woken, threads);
	expect("each item is taken once", items(r) == EVENTS, "%zu of %d items", items(r), EVENTS);
	expect("signal wakes one", within(one.woken, 1, FEW), "%.0f of %.0f", one.woken, threads);
	expect("epoll wakes the herd", epoll.woken >= least, "%.0f of %.0f", epoll.woken, threads);
	expect("EPOLLEXCLUSIVE wakes one", within(exclusive.woken, 1, FEW), "%.0f of %.0f",
	       exclusive.woken, threads);
	expect("the herd costs CPU time", all.busy_ms > 2 * one.busy_ms, "%.2f ms, and %.2f",
	       all.busy_ms, one.busy_ms);
}
