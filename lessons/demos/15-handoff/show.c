// SPDX-License-Identifier: GPL-2.0
/* Who gets a lock next: whoever asks first, which is who just had it; or whoever has waited longest. */
#include <stdlib.h>

#include "demo/show.h"

#define TIMES	150
#define USERS	3
#define LOOK_MS 12 /* sections */

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

static struct stretch picture(const struct run *r, const char *caption)
{
	struct stretch s = part(any(r, "section"), 10, 90),
		       shown = around(r, s.from_ns, 0,
				      (uint64_t)knob("section") * LOOK_MS * 1000000);
	int i;

	look(r, shown, "%s", caption);
	for (i = 1; i <= USERS; i++)
		row(r, words("user-%d", i));
	with_marks(r);
	return shown;
}

/*
 * Somebody gives the mutex back: when has another one it? Those who trust in the queue, or in the one who was
 * woken, say at once; those who do not, after one more section at least. In a place where more than one
 * section of one thread follow each other, as they mostly do.
 */
static void lay_claims(const struct run *r)
{
	struct stretch shown = picture(r, "Whoever has it takes it again, before the one who was "
					  "woken is there. The flags: when has another one it?");
	const struct mark *const *m;
	size_t n, i, last;

	m = marks_of(r, "section", &n);
	for (i = 1; i < n; i++) {
		for (last = i; last + 1 < n && m[last + 1]->tid == m[i]->tid; last++)
			;
		if (m[i]->start_ns < shown.from_ns || m[i]->tid == m[i - 1]->tid || last == i)
			continue;
		if (last + 1 == n || m[last + 1]->start_ns > shown.to_ns)
			return; /* there is none within the picture */
		claim(r, 1, m[i]->end_ns);
		claim(r, 2, m[i]->end_ns);
		claim(r, 3, m[i + 1]->end_ns);
		happened(r, m[last + 1]->start_ns);
		return;
	}
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
	picture(handed, "A, B, C, A, B, C. Between two sections the next one is just getting up.");
	mutex = act("mutex", "a mutex of the C library", "workload mutex %ld %d", section, TIMES);
	m = measure(mutex);
	again = (double)m.again * 100 / (double)(m.sections - 1);
	handed_again = (double)h.again * 100 / (double)(h.sections - 1);
	lay_claims(mutex);
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
