// SPDX-License-Identifier: GPL-2.0
/* Marks in sums: one for each name. */
#include <errno.h>
#include <stdlib.h>

#include "model/model.h"

static int by_total(const void *a, const void *b)
{
	const struct mark_sum *x = a, *y = b;

	if (x->total_ns != y->total_ns)
		return x->total_ns > y->total_ns ? -1 : 1;
	return (x->name > y->name) - (x->name < y->name);
}

static void add(struct mark_sum *s, const struct mark *k)
{
	uint64_t ns = k->end_ns - k->start_ns;

	if (k->point) {
		s->nr_points++;
		return;
	}
	s->nr_intervals++;
	s->nr_no_end += k->no_end;
	s->nr_no_begin += k->no_begin;
	s->total_ns += ns;
	s->off_cpu_ns += k->off_cpu_ns;
	s->longest_ns = ns > s->longest_ns ? ns : s->longest_ns;
}

int model_mark_sums(struct mark_sum **out, size_t *n, const struct model *m)
{
	struct mark_sum *sums = calloc(m->nr_mark_names + 1, sizeof(*sums));
	size_t i, kept = 0;

	*out = sums;
	*n = 0;
	if (!sums)
		return -ENOMEM;
	for (i = 0; i < m->nr_marks; i++)
		add(&sums[m->marks[i].name], &m->marks[i]);
	for (i = 0; i <= m->nr_mark_names; i++) {
		if (!sums[i].nr_intervals && !sums[i].nr_points)
			continue;
		sums[kept] = sums[i];
		sums[kept++].name = (uint32_t)i;
	}
	qsort(sums, kept, sizeof(*sums), by_total);
	*n = kept;
	return 0;
}
