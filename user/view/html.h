/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Inside the page view: the packed intervals. One stream of bytes, in base64, read by
 * html/data.js. Numbers are unsigned LEB128, times in ns, "one more" is 0 for none.
 *
 *   per thread, per interval:  shape << 2 | waker_irq << 1 | open
 *                              duration, until the next one begins
 *                              if running or runnable: cpu, one more
 *                              unless running: waker: index of the thread, one more
 *                              if runnable: instead, likewise
 *                              if it waits: owner, likewise
 *   per CPU, per interval:     duration, index of the thread, one more; 0 is idle
 *                              (a task that is no thread of the model: the number of threads,
 *                              one more; time of which nothing is known: two more)
 *
 * A shape is all that is alike in many intervals: state, kind, cause and the template of the sentence.
 */
#ifndef ONCPU_VIEW_HTML_H
#define ONCPU_VIEW_HTML_H

#include <stddef.h>

#include "view/view.h"

struct html_shapes { /* one interval of each shape, in order */
	struct interval *sorted;
	size_t n;
};

/* How many intervals the page is given for a CPU: its own, and the gaps around them. */
size_t html_cpu_pieces(const struct model *m, const struct cpu *c);

/* 0 or -ENOMEM; free(s->sorted). */
int html_shapes(struct html_shapes *s, const struct model *m);
/* [[state, kind, cause, template], ...] */
void html_put_shapes(FILE *f, const struct html_shapes *s);

/* The number of an interval's shape. */
size_t html_shape(const struct html_shapes *s, const struct interval *i);

void html_pack(FILE *f, const struct model *m, const struct html_shapes *s);

/* A JSON string that may stand in HTML. */
void html_put_json(FILE *f, const char *text);

#endif
