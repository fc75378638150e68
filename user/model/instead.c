// SPDX-License-Identifier: GPL-2.0
/*
 * Who ran on the CPU while a thread wanted to: whoever had most of that time. Exact up to
 * MOST_SLICES turns; where more took turns, whoever was there at most of SAMPLES even instants,
 * since otherwise many waiting threads times many turns would be quadratic.
 */
#include "model/build.h"

#define MOST_SLICES 64
#define SAMPLES	    64

struct tally {
	struct {
		uint32_t tid;
		uint64_t ns;
	} by[MOST_SLICES];
	unsigned int n;
};

static void count(struct tally *t, uint32_t tid, uint64_t ns)
{
	unsigned int i = 0;

	while (i < t->n && t->by[i].tid != tid)
		i++;
	if (i == t->n) {
		t->by[t->n].tid = tid;
		t->by[t->n++].ns = 0;
	}
	t->by[i].ns += ns;
}

/* The most; of equals the lowest tid, so that the same records give the same answer. */
static uint32_t winner(const struct tally *t)
{
	unsigned int i, best = 0;

	for (i = 1; i < t->n; i++)
		if (t->by[i].ns > t->by[best].ns ||
		    (t->by[i].ns == t->by[best].ns && t->by[i].tid < t->by[best].tid))
			best = i;
	return t->n ? t->by[best].tid : 0;
}

/* The first interval of c that ends after time_ns. */
static size_t first_after(const struct cpu *c, uint64_t time_ns)
{
	size_t low = 0, high = c->nr_intervals, middle;

	while (low < high) {
		middle = low + (high - low) / 2;
		if (c->intervals[middle].end_ns <= time_ns)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static uint64_t overlap(const struct cpu_interval *slice, const struct interval *i)
{
	uint64_t from = slice->start_ns > i->start_ns ? slice->start_ns : i->start_ns;
	uint64_t to = slice->end_ns < i->end_ns ? slice->end_ns : i->end_ns;

	return to > from ? to - from : 0;
}

static void sample(struct tally *t, const struct cpu *c, const struct interval *i)
{
	uint64_t step = (i->end_ns - i->start_ns) / SAMPLES, at;
	unsigned int k;
	size_t s;

	for (k = 0; k < SAMPLES; k++) {
		at = i->start_ns + k * step + step / 2;
		s = first_after(c, at);
		if (s < c->nr_intervals && c->intervals[s].start_ns <= at && c->intervals[s].tid)
			count(t, c->intervals[s].tid, 1);
	}
}

static uint32_t who_ran(const struct cpu *c, const struct interval *i)
{
	size_t first = first_after(c, i->start_ns), s;
	struct tally t = { .n = 0 };

	if (first + MOST_SLICES < c->nr_intervals &&
	    c->intervals[first + MOST_SLICES].start_ns < i->end_ns) {
		sample(&t, c, i);
		return winner(&t);
	}
	for (s = first; s < c->nr_intervals && c->intervals[s].start_ns < i->end_ns; s++)
		if (c->intervals[s].tid)
			count(&t, c->intervals[s].tid, overlap(&c->intervals[s], i));
	return winner(&t);
}

void model_instead(struct build *b)
{
	struct model *m = b->m;
	struct interval *i;
	struct thread *t;

	for (t = m->threads; t < m->threads + m->nr_threads; t++)
		for (i = t->intervals; i < t->intervals + t->nr_intervals; i++)
			if (i->state == STATE_RUNNABLE && i->cpu >= 0)
				i->instead = who_ran(&m->cpus[i->cpu], i);
}
