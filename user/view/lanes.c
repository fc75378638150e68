// SPDX-License-Identifier: GPL-2.0
/* Rows of the terminal timeline for some threads of a recording: see lanes.h. */
#include <errno.h>
#include <stdlib.h>

#include "view/lanes.h"
#include "view/term.h"

/* As term_begin(), but only these are the target's, and the axis begins where the window does. */
static int begin(struct term *t, struct model *shown, const struct view_lanes *l,
		 const struct view_term_options *o)
{
	size_t i;

	*shown = *l->m;
	shown->span_start_ns = l->window.start_ns;
	t->m = shown;
	t->o = o;
	t->w = l->window;
	t->l.width = o->width;
	t->l.colour = o->colour;
	if (l->window.end_ns <= l->window.start_ns || o->width < VIEW_MIN_WIDTH)
		return -EINVAL;
	if (term_begin(t))
		return -ENOMEM;
	for (i = 0; i < shown->nr_threads; i++)
		t->ordinal[i] = TERM_OTHER;
	for (i = 0; i < l->nr_threads; i++)
		t->ordinal[l->threads[i]] = i;
	t->nr_targets = l->nr_threads;
	return 0;
}

unsigned int view_lanes_gutter(const struct view_lanes *l, const struct view_term_options *o)
{
	struct model shown;
	struct term t = { 0 };
	unsigned int gutter = begin(&t, &shown, l, o) ? 0 : t.gutter;

	term_end(&t);
	return gutter;
}

int view_lanes(FILE *out, const struct view_lanes *l, unsigned int gutter,
	       const struct view_term_options *o)
{
	struct model shown;
	struct term t = { .l = { .out = out } };
	int err = begin(&t, &shown, l, o);
	unsigned int cpu;
	size_t i;

	if (!err) {
		t.gutter = gutter;
		t.cells = o->width - gutter;
		term_ruler(&t);
	}
	for (cpu = l->first_cpu; !err && cpu < l->first_cpu + l->nr_cpus && cpu < shown.nr_cpus;
	     cpu++)
		err = term_cpu(&t, cpu);
	for (i = 0; i < l->nr_threads && !err; i++) {
		term_thread_label(&t, l->threads[i], true);
		err = term_thread_row(&t, l->threads[i]);
	}
	term_end(&t);
	return !err && ferror(out) ? -EIO : err;
}

int view_lanes_legend(FILE *out, const struct view_lanes *l, const struct view_term_options *o)
{
	struct model shown;
	struct term t = { .l = { .out = out } };
	int err = begin(&t, &shown, l, o);

	if (!err)
		term_legend(&t);
	term_end(&t);
	return err;
}
