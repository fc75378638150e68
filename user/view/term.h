/* SPDX-License-Identifier: GPL-2.0 */
/* Inside the terminal view: what its files (lines, rows, browsing) share. */
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

/* Numbers the target's threads and measures the gutter. 0 or -ENOMEM; term_end() it in any case. */
int term_begin(struct term *t);
void term_end(struct term *t);

void term_ruler(struct term *t);
/* "A hello/41", cut to the gutter: the label of a thread's row. */
void term_thread_label(struct term *t, size_t thread, bool strong);
int term_cpus(struct term *t);
int term_cpu(struct term *t, unsigned int cpu); /* one of them, with its label */
int term_cpu_row(struct term *t, const struct cpu *cpu);
int term_thread_row(struct term *t, size_t thread);
int term_mark_rows(struct term *t, size_t thread);
void term_legend(struct term *t);

#endif
