/* SPDX-License-Identifier: GPL-2.0 */
/*
 * From intervals to character cells. A cell is a slice of time; many intervals may lie in one. The
 * rule, so that a picture of few columns does not lie:
 *
 *   - what took most of the cell's time is shown;
 *   - but quiet (asleep, idle, dead) only where nothing else took an eighth of the cell, so that a
 *     thread that often wakes shortly does not look asleep;
 *   - a wait as long as a quarter of a cell gets at least one cell, even among longer things,
 *     unless a cell beside it shows the like;
 *   - a run that begins and ends inside one cell and does not win it is told apart, in brief[].
 */
#ifndef ONCPU_VIEW_CELLS_H
#define ONCPU_VIEW_CELLS_H

#include <stddef.h>

#include "view/view.h"

struct span { /* within the window, in order of time */
	uint64_t start_ns, end_ns;
	unsigned int slot; /* what it is: below nr_slots */
	bool quiet;	   /* yields to whatever else is there */
	bool keep;	   /* must be seen if it lasted */
	bool brief;	   /* must be told even if it did not */
};

#define CELL_NONE (~0u)

struct cell {
	unsigned int slot;  /* CELL_NONE: nothing is known */
	unsigned int brief; /* the longest brief run in it that is not of .slot; or CELL_NONE */
};

struct share { /* of one slot in a cell */
	uint64_t ns;
	bool quiet;
};

/* The slot that a cell of that length shows, by the first two rules; CELL_NONE: nothing. */
unsigned int cells_winner(const struct share *shares, unsigned int nr, uint64_t cell_ns);

/* 0 or -ENOMEM. */
int cells_fill(struct cell *cells, unsigned int width, struct view_window w,
	       const struct span *spans, size_t nr_spans, unsigned int nr_slots);

/* The cell that an instant lies in; width where it is after the window. */
unsigned int cells_at(struct view_window w, unsigned int width, uint64_t time_ns);

#endif
