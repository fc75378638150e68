/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Inside the page view: the packed intervals, read by html/data.js. Columns of like numbers, one after
 * the other, deflated (raw) and in base64. A column is the number of its values, then these: numbers as
 * unsigned LEB128; times, in ns, as six planes of bytes, lowest first. "One more" is 0 for none.
 *
 *   times of the CPUs    duration of each interval of CPU 0, then of CPU 1...
 *   who                  of each of those: index of the thread, one more; 0 is idle (a task that is
 *                        no thread of the model: the number of threads, one more; time of which
 *                        nothing is known: two more)
 *   heads of threads     shape << 4 | step << 3 | told << 2 | waker_irq << 1 | open: each interval of
 *                        the first thread, then of the second...; step: of the critical path. Such
 *                        a step lasts from the interval's start to the next step's, or its end
 *   times                duration until the next one begins, of those that are not told: told is
 *                        one that ends where its thread next comes to a CPU or leaves it
 *   cpu                  of the running and runnable: one more
 *   waker                of all but the running: index of the thread, one more
 *   instead              of the runnable, likewise
 *   owner                of the others but the running, likewise
 *
 * A shape is all that is alike in many intervals: state, kind, cause, the template of the sentence,
 * and of a wait for a lock that has a lane: one more than the lane's number.
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

/* Which locks have a lane, and what is on the critical path. */
struct html_lanes {
	const struct model_lock **locks; /* by lane */
	size_t nr_locks;
	uint32_t *lane_of; /* of each lock of the model: one more than its lane; 0: none */
	size_t *first;	   /* of each thread: the bit of its first interval */
	unsigned char *on_path;
};

/* 0 or -ENOMEM. */
int html_lanes(struct html_lanes *l, const struct model *m);
void html_lanes_free(struct html_lanes *l);
bool html_on_path(const struct html_lanes *l, size_t thread, size_t interval);
/* "locks": [[words, name, waits, hand-offs, their time, in vain], ...], the longest waited for first */
void html_put_locks(FILE *f, const struct model *m, const struct html_lanes *l);

/* 0 or -ENOMEM; free(s->sorted). */
int html_shapes(struct html_shapes *s, const struct model *m);
/* [[state, kind, cause, template (, lane of its lock)], ...] */
void html_put_shapes(FILE *f, const struct model *m, const struct html_shapes *s,
		     const struct html_lanes *l);

/* The number of an interval's shape. */
size_t html_shape(const struct html_shapes *s, const struct interval *i);

/* 0 or -ENOMEM. */
int html_pack(FILE *f, const struct model *m, const struct html_shapes *s,
	      const struct html_lanes *l);

/* "markNames" and "marks": [[thread, name, start, length, off CPU, depth,
 * no end << 1 | no begin, (of a point) "value"], ...] */
void html_put_marks(FILE *f, const struct model *m);
void html_put_decisions(FILE *f, const struct model *m);
/* "foretold": {question, options: [[words, hands, seen], ...], flags: [[option, at], ...], room, pile,
 * threads: [tid, ...]}, or nothing */
void html_put_foretold(FILE *f, const struct model *m, const struct view_foretold *t);

/* A JSON string that may stand in HTML. */
void html_put_json(FILE *f, const char *text);

#endif
