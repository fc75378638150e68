// SPDX-License-Identifier: GPL-2.0
/* From intervals to character cells; the rule stands in cells.h. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "view/cells.h"

/* Where cell i begins. In 128 bits: a strange file may claim a span of centuries. */
static uint64_t edge(struct view_window w, unsigned int width, unsigned int i)
{
	unsigned __int128 span = w.end_ns - w.start_ns;

	return w.start_ns + (uint64_t)(span * i / width);
}

unsigned int cells_at(struct view_window w, unsigned int width, uint64_t time_ns)
{
	unsigned int low = 0, high = width;

	while (low < high) { /* the last cell whose edge is not after time_ns */
		unsigned int mid = low + (high - low) / 2;

		if (edge(w, width, mid + 1) <= time_ns)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

static uint64_t overlap(const struct span *s, uint64_t from, uint64_t to)
{
	uint64_t a = s->start_ns > from ? s->start_ns : from;
	uint64_t b = s->end_ns < to ? s->end_ns : to;

	return b > a ? b - a : 0;
}

static void add(struct share *shares, const struct span *s, uint64_t from, uint64_t to)
{
	shares[s->slot].ns += overlap(s, from, to);
	shares[s->slot].quiet = s->quiet;
}

static bool is_brief(const struct span *s, uint64_t from, uint64_t to, const struct span *longest)
{
	return s->brief && s->start_ns >= from && s->end_ns <= to &&
	       (!longest || s->end_ns - s->start_ns > longest->end_ns - longest->start_ns);
}

unsigned int cells_winner(const struct share *shares, unsigned int nr, uint64_t cell_ns)
{
	unsigned int best[2] = { CELL_NONE, CELL_NONE }, i;

	for (i = 0; i < nr; i++) {
		unsigned int *b = &best[shares[i].quiet];

		if (shares[i].ns && (*b == CELL_NONE || shares[i].ns > shares[*b].ns))
			*b = i;
	}
	if (best[0] == CELL_NONE)
		return best[1];
	if (best[1] == CELL_NONE || shares[best[0]].ns >= shares[best[1]].ns ||
	    shares[best[0]].ns >= cell_ns / 8 + 1)
		return best[0];
	return best[1];
}

/*
 * Gives a wait that lasted the cell in which most of it lies, unless it or the like of it shows there
 * or right beside: of threads that take turns no more than the runs' true share is taken away.
 */
static void keep_visible(struct cell *cells, unsigned int width, struct view_window w,
			 const struct span *s)
{
	unsigned int first = cells_at(w, width, s->start_ns), best = first, i;
	uint64_t most = 0;

	if (s->end_ns - s->start_ns < (w.end_ns - w.start_ns) / width / 4 + 1)
		return;
	for (i = first; i < width && edge(w, width, i) < s->end_ns; i++) {
		uint64_t ns = overlap(s, edge(w, width, i), edge(w, width, i + 1));

		if (cells[i].slot == s->slot)
			return;
		if (ns > most) {
			most = ns;
			best = i;
		}
	}
	if (!most || (best > 0 && cells[best - 1].slot == s->slot) ||
	    (best + 1 < width && cells[best + 1].slot == s->slot))
		return;
	cells[best].slot = s->slot;
}

int cells_fill(struct cell *cells, unsigned int width, struct view_window w,
	       const struct span *spans, size_t nr_spans, unsigned int nr_slots)
{
	struct share *shares = calloc(nr_slots, sizeof(*shares));
	const struct span *brief;
	size_t first = 0, i;
	unsigned int c;

	if (!shares)
		return -ENOMEM;
	for (c = 0; c < width; c++) {
		uint64_t from = edge(w, width, c), to = edge(w, width, c + 1);

		if (to == from)
			to++; /* fewer nanoseconds than columns: what is there at that instant */
		memset(shares, 0, nr_slots * sizeof(*shares));
		while (first < nr_spans && spans[first].end_ns <= from)
			first++;
		brief = NULL;
		for (i = first; i < nr_spans && spans[i].start_ns < to; i++) {
			add(shares, &spans[i], from, to);
			if (is_brief(&spans[i], from, to, brief))
				brief = &spans[i];
		}
		cells[c].slot = cells_winner(shares, nr_slots, to - from);
		cells[c].brief = brief && brief->slot != cells[c].slot ? brief->slot : CELL_NONE;
	}
	for (i = 0; i < nr_spans; i++)
		if (spans[i].keep)
			keep_visible(cells, width, w, &spans[i]);
	free(shares);
	return 0;
}
