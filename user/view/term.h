/* SPDX-License-Identifier: GPL-2.0 */
/* Inside the terminal view: what its two files, lines and rows, share. */
#ifndef ONCPU_VIEW_TERM_H
#define ONCPU_VIEW_TERM_H

#include "view/cells.h"
#include "view/lines.h"
#include "view/palette.h"
#include "view/view.h"

#define TERM_OTHER SIZE_MAX /* the ordinal of a thread that is not the target's */

struct term {
	struct lines l;
	const struct model *m;
	const struct view_term_options *o;
	struct view_window w;
	size_t *ordinal; /* of each thread among the target's */
	size_t nr_targets;
	unsigned int gutter, cells; /* columns for labels, columns for time */
};

int term_cpu_row(struct term *t, const struct cpu *cpu);
int term_thread_row(struct term *t, size_t thread);
void term_legend(struct term *t);

#endif
