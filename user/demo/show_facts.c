// SPDX-License-Identifier: GPL-2.0
/* What was seen in a run: sums over a stretch of its time. */
#include <stdlib.h>
#include <string.h>

#include "demo/show_part.h"

#define MS 1e6

/* Of one mark, or all. first: the latest begin and the earliest end instead. */
static struct stretch of_marks(const struct run *r, const char *mark, bool inner)
{
	size_t n, i;
	const struct mark *const *marks = marks_of(r, mark, &n);
	struct stretch s;

	if (!n)
		give_up("nothing in the run \"%s\" is marked \"%s\"", r->name, mark);
	s = (struct stretch){ marks[0]->start_ns, marks[0]->end_ns };
	for (i = 1; i < n; i++) {
		if ((marks[i]->start_ns > s.from_ns) == inner)
			s.from_ns = marks[i]->start_ns;
		if ((marks[i]->end_ns < s.to_ns) == inner)
			s.to_ns = marks[i]->end_ns;
	}
	if (s.from_ns >= s.to_ns)
		give_up("in the run \"%s\" there is no time in which all are in \"%s\"", r->name,
			mark);
	return s;
}

struct stretch any(const struct run *r, const char *mark)
{
	return of_marks(r, mark, false);
}

struct stretch both(const struct run *r, const char *mark)
{
	return of_marks(r, mark, true);
}

struct stretch part(struct stretch s, double from_percent, double to_percent)
{
	double length = (double)(s.to_ns - s.from_ns);

	return (struct stretch){ s.from_ns + (uint64_t)(length * from_percent / 100),
				 s.from_ns + (uint64_t)(length * to_percent / 100) };
}

struct stretch around(const struct run *r, uint64_t at_ns, uint64_t before_ns, uint64_t after_ns)
{
	uint64_t start = r->model->span_start_ns, end = r->model->span_end_ns;

	return (struct stretch){ at_ns > start + before_ns ? at_ns - before_ns : start,
				 at_ns + after_ns < end ? at_ns + after_ns : end };
}

double length_ms(struct stretch s)
{
	return (double)(s.to_ns - s.from_ns) / MS;
}

const struct thread *who(const struct run *r, const char *name)
{
	const struct thread *t;

	for (t = r->model->threads; t < r->model->threads + r->model->nr_threads; t++)
		if (t->target && !strcmp(t->comm, name))
			return t;
	give_up("in the run \"%s\" there is no thread \"%s\"", r->name, name);
}

const struct mark *point(const struct run *r, const char *name, size_t n)
{
	size_t nr, i, points = 0;
	const struct mark *const *marks = marks_of(r, name, &nr);

	for (i = 0; i < nr; i++)
		if (marks[i]->point && points++ == n)
			return marks[i];
	give_up("the run \"%s\" has %zu points \"%s\", and is to have more", r->name, points, name);
}

/* How much of an interval lies within. */
static uint64_t overlap(const struct interval *i, struct stretch s)
{
	uint64_t from = i->start_ns > s.from_ns ? i->start_ns : s.from_ns;
	uint64_t to = i->end_ns < s.to_ns ? i->end_ns : s.to_ns;

	return to > from ? to - from : 0;
}

/*
 * A thread that has to leave its CPU and comes back, or whose wait goes on on another run queue, is told
 * as several intervals; what follows at once and is the same is one stay, or one wait.
 */
static size_t stays(const struct thread *t, struct stretch s, enum state state, double *each_ms)
{
	const struct interval *i, *end = t->intervals + t->nr_intervals;
	uint64_t last_end = 0, ns;
	size_t n = 0;

	for (i = t->intervals; i < end; i++) {
		ns = i->state == state ? overlap(i, s) : 0;
		if (!ns)
			continue;
		if (!n || i->start_ns != last_end)
			each_ms[n++] = 0;
		each_ms[n - 1] += (double)ns / MS;
		last_end = i->end_ns;
	}
	return n;
}

static double *room_for(const struct thread *t)
{
	double *each = calloc(t->nr_intervals + 1, sizeof(*each));

	if (!each)
		give_up("no memory");
	return each;
}

double in_state_ms(const struct thread *t, struct stretch s, enum state state)
{
	double *each = room_for(t), sum = 0;
	size_t n = stays(t, s, state, each), i;

	for (i = 0; i < n; i++)
		sum += each[i];
	free(each);
	return sum;
}

double ran_ms(const struct thread *t, struct stretch s)
{
	return in_state_ms(t, s, STATE_RUNNING);
}

size_t times(const struct thread *t, struct stretch s, enum state state)
{
	double *each = room_for(t);
	size_t n = stays(t, s, state, each);

	free(each);
	return n;
}

double longest_ms(const struct thread *t, struct stretch s, enum state state)
{
	double *each = room_for(t), longest = 0;
	size_t n = stays(t, s, state, each), i;

	for (i = 0; i < n; i++)
		longest = each[i] > longest ? each[i] : longest;
	free(each);
	return longest;
}

static int by_value(const void *a, const void *b)
{
	const double *x = a, *y = b;

	return *x < *y ? -1 : *x > *y;
}

double median_ms(const struct thread *t, struct stretch s, enum state state)
{
	double *each = room_for(t), middle;
	size_t n = stays(t, s, state, each);

	qsort(each, n, sizeof(*each), by_value);
	middle = n ? each[n / 2] : 0;
	free(each);
	return middle;
}

struct stretch stay(const struct thread *t, struct stretch s, enum state state, double ms)
{
	const struct interval *i, *end = t->intervals + t->nr_intervals, *last;
	struct stretch best = {}, one;
	double off, best_off = -1;

	for (i = t->intervals; i < end; i = last + 1) {
		for (last = i; last + 1 < end && last[1].state == i->state; last++)
			;
		one = (struct stretch){ i->start_ns, last->end_ns };
		if (i->state != state || one.from_ns < s.from_ns || one.to_ns > s.to_ns)
			continue;
		off = length_ms(one) > ms ? length_ms(one) - ms : ms - length_ms(one);
		if (best_off < 0 || off < best_off) {
			best_off = off;
			best = one;
		}
	}
	if (best_off < 0)
		give_up("%s is never %s from begin to end of that time", t->comm,
			model_state_name(state));
	return best;
}

double share(const struct run *r, struct stretch s, const char *name)
{
	const struct thread *t, *one = who(r, name);
	double all = 0;

	for (t = r->model->threads; t < r->model->threads + r->model->nr_threads; t++)
		if (t->target)
			all += ran_ms(t, s);
	return all > 0 ? ran_ms(one, s) * 100 / all : 0;
}

#define STEPS 60

struct stretch typical(const struct run *r, struct stretch s, double ms, const char *name)
{
	double all = share(r, s, name), percent = ms * 100 / length_ms(s), off, best_off = 200;
	struct stretch best = s, one;
	int i;

	for (i = 0; i < STEPS && percent < 100; i++) {
		double from = (100 - percent) * i / STEPS;

		one = part(s, from, from + percent);
		off = share(r, one, name) - all;
		off = off < 0 ? -off : off;
		if (off < best_off) {
			best_off = off;
			best = one;
		}
	}
	return best;
}

bool within(double value, double least, double most)
{
	return value >= least && value <= most;
}
