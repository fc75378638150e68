// SPDX-License-Identifier: GPL-2.0
/* The marks of the report: what the program says about itself. */
#include <stdlib.h>

#include "lib/text.h"
#include "view/report_part.h"
#include "view/text.h"

#define MOST_ROWS  16
#define NAME_WIDTH 22

static void duration(struct report *r, uint64_t ns)
{
	char buf[TEXT_DURATION];

	text_duration(ns, buf, sizeof(buf));
	fprintf(r->l.out, "%10s", ns ? buf : "-");
}

static void count(struct report *r, uint64_t n)
{
	if (n)
		fprintf(r->l.out, "%9llu", (unsigned long long)n);
	else
		fprintf(r->l.out, "%9s", "-");
}

static void row(struct report *r, const struct mark_sum *s)
{
	char name[NAME_WIDTH];

	snprintf(name, sizeof(name), "%s", model_mark_name(r->m, s->name));
	view_clean(name, true);
	lines_pad(&r->l, name, NAME_WIDTH);
	count(r, s->nr_intervals);
	duration(r, s->total_ns);
	duration(r, s->longest_ns);
	duration(r, s->off_cpu_ns);
	count(r, s->nr_points);
	count(r, s->nr_no_end + s->nr_no_begin);
	fputc('\n', r->l.out);
}

int report_marks(struct report *r)
{
	struct mark_sum *sums;
	size_t n, i;
	int err;

	if (r->m->nr_marks_lost)
		fprintf(r->l.out, "\n%llu marks of the program were lost.\n",
			(unsigned long long)r->m->nr_marks_lost);
	if (!r->m->nr_marks)
		return 0;
	err = model_mark_sums(&sums, &n, r->m);
	if (err)
		return err;
	lines_heading(
		&r->l,
		"Marks of the program      times     total   longest   off CPU   points unpaired");
	for (i = 0; i < n && i < MOST_ROWS; i++)
		row(r, &sums[i]);
	if (n > MOST_ROWS)
		fprintf(r->l.out, "and %zu more\n", n - MOST_ROWS);
	free(sums);
	return 0;
}
