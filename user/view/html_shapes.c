// SPDX-License-Identifier: GPL-2.0
/* The shapes of a model's intervals: each once, sorted, so that an interval is a number. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>

#include "view/html.h"
#include "view/text.h"

static int compare(uint64_t a, uint64_t b)
{
	return a < b ? -1 : a > b;
}

static int by_shape(const void *a, const void *b)
{
	const struct interval *x = a, *y = b;
	int order = compare(x->state, y->state);

	order = order ?: compare(x->cause, y->cause);
	order = order ?: compare(x->address, y->address);
	order = order ?: compare((uint16_t)x->call, (uint16_t)y->call);
	order = order ?: compare(x->lock, y->lock);
	return order ?: compare(x->spot, y->spot);
}

/* What of an interval makes its shape; the rest 0. */
static struct interval shape_of(const struct interval *i)
{
	return (struct interval){
		.state = i->state,
		.cause = i->cause,
		.address = i->cause == CAUSE_JOIN ? 0 : i->address, /* not in its words */
		.call = i->cause >= CAUSE_FIRST_IN_CALL ? i->call : 0,
		.lock = i->cause == CAUSE_FUTEX ? i->lock : 0,
		.spot = i->state == STATE_SLEEPING || i->state == STATE_BLOCKED ? i->spot : 0,
	};
}

static size_t sort_once(struct interval *sorted, size_t n)
{
	size_t i, kept = 0;

	qsort(sorted, n, sizeof(*sorted), by_shape);
	for (i = 0; i < n; i++)
		if (!kept || by_shape(&sorted[i], &sorted[kept - 1]))
			sorted[kept++] = sorted[i];
	return kept;
}

/* Sorts now and then while it collects: memory for the shapes, not for the intervals. */
int html_shapes(struct html_shapes *s, const struct model *m)
{
	size_t room = 4096, t, i, n = 0;
	struct interval *more;

	s->sorted = calloc(room, sizeof(*s->sorted));
	if (!s->sorted)
		return -ENOMEM;
	for (t = 0; t < m->nr_threads; t++) {
		for (i = 0; i < m->threads[t].nr_intervals; i++) {
			s->sorted[n++] = shape_of(&m->threads[t].intervals[i]);
			if (n < room)
				continue;
			n = sort_once(s->sorted, n);
			if (n < room / 2)
				continue;
			room *= 2;
			more = reallocarray(s->sorted, room, sizeof(*more));
			if (!more) {
				free(s->sorted);
				return -ENOMEM;
			}
			s->sorted = more;
		}
	}
	s->n = sort_once(s->sorted, n);
	return 0;
}

size_t html_shape(const struct html_shapes *s, const struct interval *i)
{
	const struct interval shape = shape_of(i), *found;

	found = bsearch(&shape, s->sorted, s->n, sizeof(shape), by_shape);
	return found ? (size_t)(found - s->sorted) : 0;
}

void html_put_shapes(FILE *f, const struct model *m, const struct html_shapes *s,
		     const struct html_lanes *l)
{
	char template[MODEL_TEMPLATE];
	size_t i;

	fputs("\"shapes\":[", f);
	for (i = 0; i < s->n; i++) {
		model_template(m, &s->sorted[i], template, sizeof(template));
		fprintf(f, "%s\n[%d,%d,%d,", i ? "," : "", s->sorted[i].state,
			view_kind_of(&s->sorted[i]), s->sorted[i].cause);
		view_clean(template, true);
		html_put_json(f, template);
		if (s->sorted[i].lock && l->lane_of[s->sorted[i].lock - 1])
			fprintf(f, ",%" PRIu32, l->lane_of[s->sorted[i].lock - 1]);
		fputc(']', f);
	}
	fputs("],\n", f);
}
