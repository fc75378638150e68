// SPDX-License-Identifier: GPL-2.0
/* Who gets a lock next: whoever asks first, which is who just had it; or whoever has waited longest. */
#include <stdlib.h>

#include "demo/show.h"

#define TIMES	150
#define USERS	3
#define LOOK_MS 12 /* sections */
#define BEFORE	7  /* sections before another thread has one */

struct outcome {
	size_t sections, again, vain; /* again: by who had the one before */
	double least, most, gap_ms; /* sections of a user, in percent; the middle one of the gaps */
};

static int by_value(const void *a, const void *b)
{
	const double *x = a, *y = b;

	return *x < *y ? -1 : *x > *y;
}

/* Woken for the mutex, and it was taken again. */
static size_t in_vain(const struct run *r)
{
	const struct thread *t;
	const struct interval *i;
	size_t n = 0;

	for (t = r->model->threads; t < r->model->threads + r->model->nr_threads; t++)
		for (i = t->intervals; t->target && i < t->intervals + t->nr_intervals; i++)
			n += i->in_vain;
	return n;
}

static void shares(const struct run *r, struct outcome *o)
{
	double each;
	int i;

	o->least = 100;
	for (i = 1; i <= USERS; i++) {
		each = (double)number_of(r, words("user-%d", i)) * 100 / (double)o->sections;
		o->least = each < o->least ? each : o->least;
		o->most = each > o->most ? each : o->most;
	}
}

static struct outcome measure(const struct run *r)
{
	struct outcome o = { .vain = in_vain(r) };
	const struct mark *const *m = marks_of(r, "section", &o.sections);
	double *gaps;
	size_t i;

	if (o.sections < 10)
		give_up("in the run \"%s\" there are only %zu sections", r->name, o.sections);
	gaps = calloc(o.sections, sizeof(*gaps));
	if (!gaps)
		give_up("no memory");
	for (i = 1; i < o.sections; i++) {
		gaps[i - 1] = (double)m[i]->start_ns / 1e6 - (double)m[i - 1]->end_ns / 1e6;
		o.again += m[i]->tid == m[i - 1]->tid;
	}
	qsort(gaps, o.sections - 1, sizeof(*gaps), by_value);
	o.gap_ms = gaps[(o.sections - 1) / 2];
	free(gaps);
	shares(r, &o);
	return o;
}

static void picture(const struct run *r, struct stretch s, const char *caption)
{
	int i;

	look(r, s, "%s", caption);
	for (i = 1; i <= USERS; i++)
		row(r, words("user-%d", i));
	with_marks(r);
}

/* So many sections from there on. */
static struct stretch sections_from(const struct run *r, uint64_t at_ns)
{
	return around(r, at_ns, 0, (uint64_t)knob("section") * LOOK_MS * 1000000);
}

/* Of the sections that follow upon one of the same thread: the last before another thread has one, best
 * near the middle of the run; 0: there is none. */
static size_t last_of_many(const struct mark *const *m, size_t n)
{
	size_t i, best = 0, middle = n / 2;

	for (i = 1; i + 1 < n; i++)
		if (m[i]->tid == m[i - 1]->tid && m[i]->tid != m[i + 1]->tid &&
		    (!best || (i < middle ? middle - i : i - middle) <
				      (best < middle ? middle - best : best - middle)))
			best = i;
	return best;
}

/*
 * Somebody gives the mutex back: when has another one it? Those who trust in the queue, or in the one who
 * was woken, say at once; those who do not, after one more section at least.
 */
static void picture_with_claims(const struct run *r)
{
	const struct mark *const *m;
	size_t n, first, last;

	m = marks_of(r, "section", &n);
	last = last_of_many(m, n);
	for (first = last; first && last - first < BEFORE && m[first - 1]->tid == m[last]->tid;)
		first--;
	picture(r,
		last ? sections_from(r, m[first]->start_ns) : sections_from(r, m[n / 8]->start_ns),
		"Whoever has it takes it again, before the one who was woken is there. The flags: "
		"when "
		"has another one it?");
	if (!last)
		return; /* one thread had them all */
	claim(r, 1, m[first]->end_ns);
	claim(r, 2, m[first]->end_ns);
	claim(r, 3, m[first + 1]->end_ns);
	happened(r, m[last + 1]->start_ns);
}

SHOW
{
	long section = knob("section");
	const struct run *handed, *mutex;
	struct outcome h, m;
	double again, handed_again;

	handed =
		act("handed", "a lock that is handed on", "workload handed %ld %d", section, TIMES);
	h = measure(handed);
	picture(handed, sections_from(handed, part(any(handed, "section"), 10, 90).from_ns),
		"One after the other, in a circle. Between two sections the next one is just "
		"getting up.");
	mutex = act("mutex", "a mutex of the C library", "workload mutex %ld %d", section, TIMES);
	m = measure(mutex);
	again = (double)m.again * 100 / (double)(m.sections - 1);
	handed_again = (double)h.again * 100 / (double)(h.sections - 1);
	picture_with_claims(mutex);
	answer(again >= 45 ? 3 : again < 40 ? 1 : 0);
	say("Of %zu sections with the mutex %.0f %% went to who had the one before. %zu times "
	    "somebody "
	    "was woken for it, and found it taken again.",
	    m.sections, again, m.vain);
	say("The one with the most sections had %.0f %% of them, the one with the least %.0f %%.",
	    m.most, m.least);
	say("Handed on, everybody had %.0f to %.0f %% of them, and between two sections %.2f ms "
	    "passed, "
	    "not %.2f.",
	    h.least, h.most, h.gap_ms, m.gap_ms);
	expect("who had the mutex mostly gets it again", again >= 45, "%.0f %% of the sections",
	       again);
	expect("others are woken in vain", m.vain >= 10, "%zu times", m.vain);
	expect("handed on, hardly anybody has it twice in a row", handed_again <= 15,
	       "%.0f %% of the sections", handed_again);
	expect("handed on, all get as much", h.least >= 25 && h.most <= 42, "%.0f to %.0f %%",
	       h.least, h.most);
}
