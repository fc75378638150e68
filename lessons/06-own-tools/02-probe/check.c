// SPDX-License-Identifier: GPL-2.0
#include <string.h>

#include "grade/check.h"

struct waits {
	uint64_t nr, total_ns, longest_ns;
	uint64_t nr_new, nr_woken, nr_put_off; /* the first of these is made of them */
	const struct interval *longest;
};

static void add_wait(struct waits *w, const struct interval *first, uint64_t ns)
{
	w->nr++;
	w->nr_new += first->cause == CAUSE_NEW;
	w->nr_woken += first->cause == CAUSE_WOKEN;
	w->nr_put_off += first->cause == CAUSE_PREEMPTED || first->cause == CAUSE_YIELDED;
	w->total_ns += ns;
	if (ns > w->longest_ns) {
		w->longest_ns = ns;
		w->longest = first;
	}
}

/* By the record: a thread that moves to another CPU while it waits goes on waiting. */
static struct waits recorded(const struct thread *t)
{
	const struct interval *i, *first = NULL, *end = t->intervals + t->nr_intervals;
	struct waits w = {};

	for (i = t->intervals; i < end; i++) {
		if (i->state == STATE_RUNNABLE) {
			first = first ? first : i;
			continue;
		}
		if (first && i->state == STATE_RUNNING)
			add_wait(&w, first, i->start_ns - first->start_ns);
		first = NULL;
	}
	return w;
}

/* By the probe: a map that has a value for each CPU has them added up. */
static struct waits probed(const struct run *r, const struct thread *t)
{
	struct waits w = {};
	const char *at = NULL;
	uint64_t n[4];

	while (told_next(r, &at, "waits", n, 4) == 4) {
		if (n[0] != t->tid)
			continue;
		w.nr += n[1];
		w.total_ns += n[2];
		if (n[3] > w.longest_ns)
			w.longest_ns = n[3];
	}
	return w;
}

/* But main, which was there before the record. */
static const struct thread *thread_after(const struct run *r, const struct thread *before)
{
	const struct thread *t = before ? before + 1 : r->model->threads;

	for (; t < r->model->threads + r->model->nr_threads; t++)
		if (t->target && t->tid != t->tgid)
			return t;
	return NULL;
}

/* Of all threads: the first whose number of waits is another. */
static struct verdict counted(const struct run *r)
{
	const struct thread *t = NULL;
	struct waits of_probe, of_record;

	while ((t = thread_after(r, t))) {
		of_probe = probed(r, t);
		of_record = recorded(t);
		if (of_probe.nr != of_record.nr)
			return at(seen(r, false,
				       "%s/%u waited for a CPU %llu times by the record: %llu as a "
				       "new thread, %llu after a wake-up, %llu because it was put "
				       "off its CPU. By your probe it waited %llu times.",
				       t->comm, t->tid, (unsigned long long)of_record.nr,
				       (unsigned long long)of_record.nr_new,
				       (unsigned long long)of_record.nr_woken,
				       (unsigned long long)of_record.nr_put_off,
				       (unsigned long long)of_probe.nr),
				  r, of_record.longest ? of_record.longest->start_ns : 0,
				  of_record.longest ? of_record.longest->end_ns : 0, t->tid);
	}
	return seen(r, thread_after(r, NULL), "The record has none of its threads.");
}

/* Both look at one event at slightly different times: at a wake-up, and once more at the switch. */
static bool is_near(uint64_t probed_ns, uint64_t recorded_ns, uint64_t nr)
{
	uint64_t most = recorded_ns / 10 + nr * 200000;

	return probed_ns <= recorded_ns + most && probed_ns + most >= recorded_ns;
}

static struct verdict near(const struct run *r, bool longest)
{
	const struct thread *t = NULL;
	struct waits of_probe, of_record;
	uint64_t a, b;

	while ((t = thread_after(r, t))) {
		of_probe = probed(r, t);
		of_record = recorded(t);
		a = longest ? of_probe.longest_ns : of_probe.total_ns;
		b = longest ? of_record.longest_ns : of_record.total_ns;
		if (of_record.nr && !is_near(a, b, longest ? 5 : of_record.nr))
			return at(seen(r, false,
				       "%s/%u waited %.3f ms %s by the record, and %.3f ms by your "
				       "probe.",
				       t->comm, t->tid, (double)b / 1e6,
				       longest ? "at the longest" : "in all", (double)a / 1e6),
				  r, of_record.longest->start_ns, of_record.longest->end_ns,
				  t->tid);
	}
	return seen(r, true, "%s", "");
}

static bool has_map(const struct run *r)
{
	const char *map = told_text(r, "map waits");

	return map && !strncmp(map, "4 24\n", 5);
}

CHECK(structure, "the answer is where it is looked for")
{
	const struct run *r = run_of("crowd");
	const char *map = told_text(r, "map waits");

	JUDGE(seen(r, has_map(r), "There is %s%.*s.",
		   map ? "a map \"waits\", but its keys and values have these numbers of bytes: "
		       : "no map \"waits\"",
		   map ? (int)strcspn(map, "\n") : 0, map ? map : ""),
	      "Whoever wants the answer has to know where it is: in a map \"waits\", whose keys "
	      "are "
	      "tids of 4 bytes, and whose values are struct waits, of 24.",
	      "Look at how the starter declares it.");
}

CHECK(structure, "every wait is counted, and nothing else")
{
	const char *why =
		"From the moment at which a thread could run until it does it waits in "
		"line. It gets into that line in three ways, and each is another event of "
		"the kernel.";
	const char *look = "Subtract: which of the three kinds does your probe not see, or see too "
			   "often? For a wake-up: it is the waker that runs there; which thread is "
			   "it about?";

	JUDGE(counted(run_of("crowd")), why, look);
	JUDGE(counted(run_of("pair")), why, look);
}

CHECK(waiting, "the times are those of the record")
{
	const char *why = "A number that nobody held against another is not worth much. Yours are "
			  "held against the record of the same run.";
	const char *look = "In which state was the thread at each instant between your two stamps? "
			   "And which unit do they have?";

	JUDGE(near(run_of("crowd"), false), why, look);
	JUDGE(near(run_of("pair"), false), why, look);
}

CHECK(waiting, "and so is the longest")
{
	const char *why = "The mean hides what hurts. Users remember the longest wait.";
	const char *look = "When does `longest_ns` change, and when does it stay?";

	JUDGE(near(run_of("crowd"), true), why, look);
	JUDGE(near(run_of("pair"), true), why, look);
}
CHECKS_END_WITH(probe_tool)
