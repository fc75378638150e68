// SPDX-License-Identifier: GPL-2.0
#include <string.h>

#include "grade/check.h"

#define MS 1000000ull

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

/* The longest that a thread could run and did not, of those of a name that begins so, from then on. */
static struct verdict nobody_waits(const struct run *r, const char *name, uint64_t from_ns,
				   unsigned int slices)
{
	const struct thread *t, *longest_of = NULL;
	const struct interval *i, *longest = NULL;

	for (t = r->model->threads; t < r->model->threads + r->model->nr_threads; t++)
		for (i = t->intervals; i < t->intervals + t->nr_intervals; i++)
			if (t->target && i->state == STATE_RUNNABLE && i->start_ns >= from_ns &&
			    !strncmp(t->comm, name, strlen(name)) &&
			    (!longest ||
			     i->end_ns - i->start_ns > longest->end_ns - longest->start_ns)) {
				longest = i;
				longest_of = t;
			}
	if (!longest || longest->end_ns - longest->start_ns <= slices * 5 * MS)
		return seen(r, true, "%s", "");
	return at(seen(r, false,
		       "%s/%u could run, and waited for its CPU for %.1f ms. Two others wanted it, "
		       "and a slice is 5 ms long.",
		       longest_of->comm, longest_of->tid,
		       (double)(longest->end_ns - longest->start_ns) / 1e6),
		  r, longest->start_ns, longest->end_ns, longest_of->tid);
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

/* While both of them compute, each gets about half. */
static struct verdict halves(const struct run *r)
{
	const struct thread *steady = named(r, "long"), *brief = named(r, "brief");
	const struct mark *a = mark_of(r, steady), *b = mark_of(r, brief);
	uint64_t from, to, of_steady, of_brief;

	if (!a || !b)
		return seen(r, false, "There are not the two threads, long and brief.");
	from = a->start_ns > b->start_ns ? a->start_ns : b->start_ns;
	to = a->end_ns < b->end_ns ? a->end_ns : b->end_ns;
	of_steady = from < to ? time_in(steady, STATE_RUNNING, from, to) : 0;
	of_brief = from < to ? time_in(brief, STATE_RUNNING, from, to) : 0;
	return at(seen(r,
		       of_brief * 100 >= (of_brief + of_steady) * 38 &&
			       of_brief * 100 <= (of_brief + of_steady) * 62 && of_brief,
		       "While both wanted the CPU, long had it for %.1f ms and brief for %.1f ms.",
		       (double)of_steady / 1e6, (double)of_brief / 1e6),
		  r, from, to, brief->tid);
}

CHECK(output, "all jobs are done")
{
	JUDGE(printed(run_of("hogs"), "jobs 3"), "What a scheduler is for is that work gets done.",
	      "Which thread is not at its end, and what was it waiting for?");
}

CHECK(waiting, "everybody has a turn")
{
	JUDGE(nobody_waits(run_of("hogs"), "hog-", 0, 8),
	      "Three that compute share a CPU by turns. Who has to wait until the others are "
	      "through is starved meanwhile.",
	      "How long may a task keep its CPU, and who says so? And where in the line does it "
	      "stand after that?");
}

CHECK(overlap, "a turn is a stretch of time, not a number of calls")
{
	JUDGE(halves(run_of("brief")),
	      "Who gives up his CPU early has had less, and should have it again sooner. Where all "
	      "go to the end of one line, those that take most each time get most.",
	      "What do you know about a task at the moment at which it stops, and where do you use "
	      "that?");
}

CHECK(waiting, "who comes back gets no more than its share")
{
	const struct run *r = run_of("away");
	const struct mark *m = mark_of(r, named(r, "away"));

	JUDGE(nobody_waits(r, "hog-", m ? m->start_ns : 0, 9),
	      "Who slept for long has had little. If it may make up for all of that at once, the "
	      "others stand still meanwhile: to sleep is not to wait.",
	      "How far behind may a task be at most when it comes to the queue? Behind whom?");
	JUDGE(nobody_waits(r, "away", 0, 9),
	      "Who was away for a while is one like all others when it comes back.",
	      "With which number does it come to the queue, and which ones do the others have by "
	      "then?");
}
CHECKS_END_WITH(policy_tool)
