// SPDX-License-Identifier: GPL-2.0
/*
 * Gaps: stretches of time of which one CPU's records were lost. What survives one? Whoever is on
 * another CPU is there as long as that CPU's own records say so. Who was on this CPU is not known.
 * Nor is what any thread off its CPU did, as this CPU may have woken it, run it and put it to sleep
 * again: that is doubted here, when the next record names it, and not while the gap lasts, since
 * many gaps times many threads would be quadratic.
 */
#include <errno.h>
#include <stdlib.h>

#include "model/build.h"

static int by_start(const void *a, const void *b)
{
	const struct gap *x = a, *y = b;

	if (x->start_ns != y->start_ns)
		return x->start_ns < y->start_ns ? -1 : 1;
	if (x->cpu != y->cpu)
		return x->cpu < y->cpu ? -1 : 1;
	if (x->end_ns != y->end_ns)
		return x->end_ns < y->end_ns ? -1 : 1;
	return (x->nr > y->nr) - (x->nr < y->nr);
}

static size_t count(const struct build *b)
{
	const struct trace_stream *s;
	size_t n = 0, i;

	for (s = b->t->streams; s < b->t->streams + b->t->nr_streams; s++)
		for (i = 0; i < s->n && s->source == b->m->source; i++)
			n += s->records[i].type == ONCPU_LOST && s->records[i].lost.nr;
	return n;
}

static struct gap gap_of(const struct model *m, const struct trace_stream *s, size_t i)
{
	const struct oncpu_record *r = &s->records[i];
	struct gap g = { r->lost.since_ns, r->time_ns, r->lost.nr, s->cpu };

	if (!r->lost.since_ns && i) /* not known: but after the record before it */
		g.start_ns = s->records[i - 1].time_ns;
	if (g.start_ns < m->start_ns)
		g.start_ns = m->start_ns;
	if (g.start_ns > g.end_ns)
		g.start_ns = g.end_ns;
	return g;
}

static void collect(struct build *b)
{
	struct model *m = b->m;
	const struct trace_stream *s;
	size_t i;

	for (s = b->t->streams; s < b->t->streams + b->t->nr_streams; s++)
		for (i = 0; i < s->n && s->source == m->source; i++)
			if (s->records[i].type == ONCPU_LOST && s->records[i].lost.nr)
				m->gaps[m->nr_gaps++] = gap_of(m, s, i);
	qsort(m->gaps, m->nr_gaps, sizeof(*m->gaps), by_start);
}

/* The gaps of all CPUs, those that touch as one. */
static void unite(struct build *b)
{
	const struct gap *g;
	struct shadow *last;

	for (g = b->m->gaps; g < b->m->gaps + b->m->nr_gaps; g++) {
		last = b->nr_shadows ? &b->shadows[b->nr_shadows - 1] : NULL;
		if (!last || g->start_ns > last->end_ns)
			b->shadows[b->nr_shadows++] = (struct shadow){ g->start_ns, g->end_ns };
		else if (g->end_ns > last->end_ns)
			last->end_ns = g->end_ns;
	}
}

static int by_value(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

static void sort_ends(struct build *b)
{
	size_t i;

	for (i = 0; i < b->m->nr_gaps; i++)
		b->gap_ends[i] = b->m->gaps[i].end_ns;
	qsort(b->gap_ends, b->m->nr_gaps, sizeof(*b->gap_ends), by_value);
}

int gaps_find(struct build *b)
{
	size_t n = count(b);

	b->m->gaps = calloc(n + 1, sizeof(*b->m->gaps));
	b->shadows = calloc(n + 1, sizeof(*b->shadows));
	b->gap_ends = calloc(n + 1, sizeof(*b->gap_ends));
	if (!b->m->gaps || !b->shadows || !b->gap_ends)
		return -ENOMEM;
	collect(b);
	unite(b);
	sort_ends(b);
	return 0;
}

/* The first shadow that ends after time_ns. */
static size_t first_after(const struct build *b, uint64_t time_ns)
{
	size_t low = 0, high = b->nr_shadows, middle;

	while (low < high) {
		middle = low + (high - low) / 2;
		if (b->shadows[middle].end_ns <= time_ns)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* How many shadows begin at time_ns or before. */
static size_t begun_by(const struct build *b, uint64_t time_ns)
{
	size_t low = 0, high = b->nr_shadows, middle;

	while (low < high) {
		middle = low + (high - low) / 2;
		if (b->shadows[middle].start_ns <= time_ns)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* From the first instant of doubt after a moment to the last before to_ns. */
bool gaps_since(const struct build *b, struct moment from, uint64_t to_ns, struct shadow *doubt)
{
	size_t first = first_after(b, from.ns), end = begun_by(b, to_ns);
	bool at_once = from.nr_ended < b->m->nr_gaps && b->gap_ends[from.nr_ended] <= from.ns;

	if (first >= end && !at_once)
		return false;
	*doubt = (struct shadow){ from.ns, from.ns };
	if (first >= end)
		return true;
	if (!at_once && b->shadows[first].start_ns > from.ns)
		doubt->start_ns = b->shadows[first].start_ns;
	doubt->end_ns = b->shadows[end - 1].end_ns < to_ns ? b->shadows[end - 1].end_ns : to_ns;
	return true;
}

/*
 * A record of time_ns names l: was that in doubt? then: what it did since the last gap, as that
 * record proves; STATE_UNKNOWN where it proves nothing.
 */
void life_doubt(struct build *b, struct life *l, uint64_t time_ns, enum state then)
{
	struct interval proven = { .state = then, .cpu = -1 };
	struct shadow doubt;

	if (l->ended || l->now.state == STATE_RUNNING || !gaps_since(b, l->seen, time_ns, &doubt))
		return;
	/* An early wake is taken back by a later record, which may be a lost one. */
	l->seen.ns = l->early ? l->now.start_ns : doubt.start_ns;
	life_forget(b, l);
	if (then != STATE_UNKNOWN && doubt.end_ns < time_ns)
		life_turn(b, l, doubt.end_ns, proven);
	else
		l->seen = moment(b, doubt.end_ns);
}

/* It goes to sleep: but one that has been woken on its way there does not, and the waking is lost. */
bool life_doubts_sleep(const struct build *b, const struct life *l, uint64_t time_ns)
{
	struct shadow doubt;

	return b->m->nr_gaps && (l->may_be_woken || gaps_since(b, l->own, time_ns, &doubt));
}

void gaps_sum(struct build *b)
{
	const struct shadow *s;

	for (s = b->shadows; s < b->shadows + b->nr_shadows; s++)
		b->m->blind_ns += model_in_span(b->m, s->start_ns, s->end_ns);
}
