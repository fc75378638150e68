// SPDX-License-Identifier: GPL-2.0
/*
 * Evidence of rest: while nobody has anything to do, who waits is asleep all the time.
 *
 * The program itself says when that is: its main.c brings everybody to where they wait, and marks the
 * stretches. So nothing depends on how long it took them to get there, which on a busy machine is long.
 */
#include <stdio.h>

#include "grade/evidence.h"

#define RAN_PERCENT 10 /* so much of it may be run */
#define LOOKS \
	2 /* so often asleep anew is looking whether there is something; ended by a clock, once is */

struct restless {
	const struct mark *stretch; /* in which it ran most */
	uint64_t ran_ns;
	unsigned int looks;
	size_t seen,
		bad; /* stretches that the thread lived through, and those that it did not sleep through */
};

static bool lived_through(const struct thread *t, const struct mark *m)
{
	return t->target && t->tid != m->tid && t->start_ns <= m->start_ns &&
	       t->end_ns >= m->end_ns;
}

static bool is_by_clock(const struct interval *i)
{
	return i->cause == CAUSE_SLEEP ||
	       (i->waker_irq && (i->cause == CAUSE_FUTEX || i->cause == CAUSE_POLL));
}

static void look_at(struct restless *r, const struct thread *t, const struct mark *m)
{
	const struct interval *i = model_at(t, m->start_ns);
	uint64_t from, to, ran_ns = 0;
	unsigned int looks = 0;
	bool by_clock = false;

	for (; i && i < t->intervals + t->nr_intervals && i->start_ns < m->end_ns; i++) {
		from = i->start_ns > m->start_ns ? i->start_ns : m->start_ns;
		to = i->end_ns < m->end_ns ? i->end_ns : m->end_ns;
		if (i->state == STATE_RUNNING)
			ran_ns += to - from;
		looks += i->state == STATE_SLEEPING && i->start_ns >= m->start_ns;
		by_clock |= i->state == STATE_SLEEPING && i->end_ns < m->end_ns && is_by_clock(i);
	}
	r->seen++;
	if (looks < LOOKS && !by_clock && ran_ns * 100 < RAN_PERCENT * (m->end_ns - m->start_ns))
		return;
	r->bad++;
	if (r->stretch && (ran_ns < r->ran_ns || (ran_ns == r->ran_ns && looks <= r->looks)))
		return;
	r->stretch = m;
	r->ran_ns = ran_ns;
	r->looks = looks;
}

/* Of most stretches: where it was one, the machine's host may have stretched a last step. */
static bool is_restless(const struct restless *r)
{
	return r->bad * 2 > r->seen;
}

static struct verdict tell(const struct run *r, const char *mark, const struct thread *t,
			   const struct restless *w)
{
	const struct mark *m = w->stretch;

	return at(
		seen(r, false,
		     "For %.0f ms there was \"%s\" for anybody. %s/%u was on a CPU for %.1f ms of "
		     "that, and fell asleep anew %u time%s. So it was in %zu of %zu such "
		     "stretches.",
		     (double)(m->end_ns - m->start_ns) / 1e6, mark, t->comm, t->tid,
		     (double)w->ran_ns / 1e6, w->looks, w->looks == 1 ? "" : "s", w->bad, w->seen),
		r, m->start_ns, m->end_ns, t->tid);
}

struct verdict rested(const struct run *r, const char *mark)
{
	const struct thread *t, *worst = NULL;
	const struct mark *const *marks;
	struct restless now, most = {};
	size_t n, i;

	marks = marks_of(r, mark, &n);
	if (!n)
		return seen(r, false, "Nothing was marked \"%s\".", mark);
	for (t = r->model->threads; t < r->model->threads + r->model->nr_threads; t++) {
		now = (struct restless){};
		for (i = 0; i < n; i++)
			if (lived_through(t, marks[i]))
				look_at(&now, t, marks[i]);
		if (!is_restless(&now) || (worst && now.ran_ns <= most.ran_ns))
			continue;
		worst = t;
		most = now;
	}
	if (!worst)
		return seen(r, true, "who had nothing to do slept");
	return certain(tell(r, mark, worst, &most));
}
