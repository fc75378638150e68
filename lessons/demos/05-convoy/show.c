// SPDX-License-Identifier: GPL-2.0
/* First come, first served: the short jobs wait for all of the long one. The fair class lets them slip in. */
#include "demo/show.h"

#define SHORTS 3

/* When a job had done its work, and how long after it wanted to begin that was. */
static const struct mark *job(const struct run *r, const char *kind, size_t n)
{
	size_t nr;
	const struct mark *const *marks = marks_of(r, kind, &nr);

	if (n >= nr)
		give_up("in the run \"%s\" only %zu jobs are \"%s\"", r->name, nr, kind);
	return marks[n];
}

/* From when it was to begin, which is when it was woken: before its mark, which it makes once it runs. */
static double turnaround_ms(const struct thread *t, const struct mark *done)
{
	const struct interval *i;
	uint64_t wanted = done->start_ns;

	for (i = t->intervals; i < t->intervals + t->nr_intervals && i->start_ns < done->start_ns;
	     i++)
		if (i->state == STATE_SLEEPING)
			wanted = i->end_ns;
	return (double)(done->end_ns - wanted) / 1e6;
}

struct seen_jobs {
	unsigned int before; /* short ones that were done before the long one */
	double mean_ms, long_ms;
};

static struct seen_jobs measure(const struct run *r)
{
	const struct mark *long_job = job(r, "long", 0), *k;
	struct seen_jobs s = { .long_ms = turnaround_ms(who(r, "long"), long_job) };
	size_t i;

	for (i = 0; i < SHORTS; i++) {
		k = job(r, "short", i);
		s.before += k->end_ns < long_job->end_ns;
		s.mean_ms += turnaround_ms(&r->model->threads[k->thread], k) / SHORTS;
	}
	return s;
}

static struct stretch all_jobs(const struct run *r)
{
	struct stretch a = any(r, "long"), b = any(r, "short");

	a.from_ns = a.from_ns < b.from_ns ? a.from_ns : b.from_ns;
	a.to_ns = a.to_ns > b.to_ns ? a.to_ns : b.to_ns;
	return a;
}

static void picture(const struct run *r, const char *caption)
{
	int i;

	look(r, all_jobs(r), "%s", caption);
	row(r, "long");
	for (i = 1; i <= SHORTS; i++)
		row(r, words("short-%d", i));
}

SHOW
{
	long work = knob("long");
	const struct run *fifo, *fair;
	struct seen_jobs first, slip;

	as_root();
	fair = act("fair", "the fair class", "workload fair %ld", work);
	slip = measure(fair);
	picture(fair, "The short jobs slip in: each gets its turns at once, and is gone.");
	fifo = act("fifo", "SCHED_FIFO, all of one priority", "workload fifo %ld", work);
	first = measure(fifo);
	picture(fifo, "First come, first served: nobody goes before the long job is done.");
	claim(fifo, 1, job(fifo, "long", 0)->start_ns + 20000000);
	claim(fifo, 2, job(fifo, "long", 0)->start_ns + (uint64_t)(work / 2) * 1000000);
	claim(fifo, 3, job(fifo, "long", 0)->end_ns);
	happened(fifo, job(fifo, "short", 0)->start_ns);
	answer(first.before == 0 ? 3 : first.before == SHORTS ? 1 : 2);
	say("First come, first served: of the three short jobs %s was done before the long one, "
	    "and a job of 10 ms "
	    "took %.0f ms on average.",
	    first.before == 0 ? "none" : words("%u", first.before), first.mean_ms);
	say("In the fair class %u of the three were done before the long one, after %.0f ms on "
	    "average; the long "
	    "job took %.0f ms instead of %.0f.",
	    slip.before, slip.mean_ms, slip.long_ms, first.long_ms);
	expect("with SCHED_FIFO no short job is done before the long one", first.before == 0,
	       "%u were", first.before);
	expect("in the fair class all of them are", slip.before == SHORTS, "%u were", slip.before);
	expect("the convoy costs the short ones", first.mean_ms >= 2 * slip.mean_ms,
	       "%.1f ms behind the convoy, %.1f ms in the fair class", first.mean_ms, slip.mean_ms);
}
