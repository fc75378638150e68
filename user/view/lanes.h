/* SPDX-License-Identifier: GPL-2.0 */
/* The terminal timeline's rows alone, so that several recordings can stand beneath each other. */
#ifndef ONCPU_VIEW_LANES_H
#define ONCPU_VIEW_LANES_H

#include "view/view.h"

struct view_lanes {
	const struct model *m;
	struct view_window window; /* its start is the axis's zero */
	const size_t *threads;	   /* whose rows; the first has the letter A and the first colour */
	size_t nr_threads;
	unsigned int first_cpu, nr_cpus; /* whose rows */
};

/* The columns that the labels take; what is drawn together takes the widest. */
unsigned int view_lanes_gutter(const struct view_lanes *l, const struct view_term_options *o);

/* A ruler, the CPUs, the threads. All return 0 or -errno. */
int view_lanes(FILE *out, const struct view_lanes *l, unsigned int gutter,
	       const struct view_term_options *o);
int view_lanes_legend(FILE *out, const struct view_lanes *l, const struct view_term_options *o);

#endif
