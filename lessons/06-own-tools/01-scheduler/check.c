// SPDX-License-Identifier: GPL-2.0
#include <string.h>

#include "grade/check.h"

static const struct thread *named(const struct run *r, const char *name)
{
	const struct thread *t;

	for (t = r->model->threads; t < r->model->threads + r->model->nr_threads; t++)
		if (t->target && t->tid != t->tgid && !strcmp(t->comm, name))
			return t;
	return NULL;
}

/* The time in which it was in that state, of a stretch. */
static uint64_t time_in(const struct thread *t, enum state state, uint64_t from_ns, uint64_t to_ns)
{
	const struct interval *i;
	uint64_t sum = 0, start, end;

	for (i = t->intervals; i < t->intervals + t->nr_intervals; i++) {
		start = i->start_ns > from_ns ? i->start_ns : from_ns;
		end = i->end_ns < to_ns ? i->end_ns : to_ns;
		if (i->state == state && start < end)
			sum += end - start;
	}
	return sum;
}

static const struct mark *mark_of(const struct run *r, const struct thread *t)
{
	size_t n, i;
	const struct mark *const *marks = marks_of(r, "compute", &n);

	for (i = 0; t && i < n; i++)
		if (marks[i]->tid == t->tid)
			return marks[i];
	return NULL;
}

#define MOST_JOBS 3

struct shares { /* of the CPU, in a time in which all of them want it */
	uint64_t from_ns, to_ns, ran_ns[MOST_JOBS], all_ns;
	char text[256];
};

/* From where the job of that name begins to where the first of them all has ended. */
static bool shares_of(struct shares *s, const struct run *r, const char *const *names, size_t n,
		      const char *from)
{
	const struct mark *m;
	size_t i, used = 0;

	*s = (struct shares){ .to_ns = UINT64_MAX };
	for (i = 0; i < n; i++) {
		m = mark_of(r, named(r, names[i]));
		if (!m)
			return false;
		if (!strcmp(names[i], from))
			s->from_ns = m->start_ns;
		if (m->end_ns < s->to_ns)
			s->to_ns = m->end_ns;
	}
	for (i = 0; i < n; i++) {
		s->ran_ns[i] = time_in(named(r, names[i]), STATE_RUNNING, s->from_ns, s->to_ns);
		s->all_ns += s->ran_ns[i];
		used += (size_t)snprintf(s->text + used, sizeof(s->text) - used, "%s%s %.1f ms",
					 i ? ", " : "", names[i], (double)s->ran_ns[i] / 1e6);
	}
	return true;
}

/* Each has so many percent of what they had, at least and at most. */
static struct verdict fair(const struct run *r, const char *const *names, size_t n,
			   const char *from, unsigned int least, unsigned int most)
{
	struct shares s;
	size_t i;

	if (!shares_of(&s, r, names, n, from))
		return seen(r, false, "Not all of its threads are there.");
	for (i = 0; i < n; i++)
		if (s.ran_ns[i] * 100 < s.all_ns * least || s.ran_ns[i] * 100 > s.all_ns * most ||
		    !s.all_ns)
			return at(seen(r, false,
				       "From where %s began until the first of them was through, "
				       "all wanted the CPU. It went to them like this: %s.",
				       from, s.text),
				  r, s.from_ns, s.to_ns, named(r, names[i])->tid);
	return seen(r, true, "%s", "");
}

/*
 * A turn of "brief" is 1 ms of work, of "long" a slice. Where a machine stands still for longer than that again and
 * again, both are as long, and a scheduler that shares turns looks like one that shares time.
 */
#define TURNS_ALIKE 3.0 /* times as slow */

static struct verdict fair_in_time(const struct run *r)
{
	static const char *const names[] = { "long", "brief" };
	struct verdict v = fair(r, names, 2, "brief", 36, 64);

	if (v.kind != VERDICT_PASS || r->starved <= TURNS_ALIKE)
		return v;
	v = seen(r, false,
		 "Both had about the same. But known work took %.1f times as long as it does, so "
		 "that a turn of 1 ms was as long as any other: nothing follows from that.",
		 r->starved);
	v.kind = VERDICT_INCONCLUSIVE;
	return v;
}

CHECK(output, "all jobs are done")
{
	JUDGE(printed(run_of("hogs"), "jobs 3"), "What a scheduler is for is that work gets done.",
	      "Which thread is not at its end, and what was it waiting for?");
}

CHECK(waiting, "everybody has a turn")
{
	static const char *const names[] = { "hog-0", "hog-1", "hog-2" };

	JUDGE(fair(run_of("hogs"), names, 3, "hog-0", 15, 60),
	      "Three that compute share a CPU by turns. Who has to wait until the others are "
	      "through is starved meanwhile.",
	      "How long may a task keep its CPU, and who says so? And where in the line does it "
	      "stand after that?");
}

CHECK(overlap, "a turn is a stretch of time, not a number of calls")
{
	JUDGE(fair_in_time(run_of("brief")),
	      "Who gives up its CPU early has had less, and should have it again sooner. Where all "
	      "go to the end of one line, those that take most each time get most.",
	      "What do you know about a task at the moment at which it stops, and where do you use "
	      "that? And in `dispatch`: is prev among those that are compared?");
}

CHECK(waiting, "who comes back gets no more than its share, and no less")
{
	static const char *const names[] = { "away", "hog-0", "hog-1" };

	JUDGE(fair(run_of("away"), names, 3, "away", 15, 62),
	      "Who slept for long has had little. If it may make up for all of that at once, the "
	      "others stand still meanwhile: to sleep is not to wait.",
	      "With which number does a task come to the queue that was away, and which ones do "
	      "the "
	      "others have by then? How far behind them may it be?");
}
CHECKS_END_WITH(policy_tool)
