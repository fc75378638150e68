// SPDX-License-Identifier: GPL-2.0
/* The marks of the page, as JSON: a program makes thousands, not millions; of more the first. */
#include <inttypes.h>

#include "view/html.h"
#include "view/text.h"

#define MOST_MARKS 50000

static void put_name(FILE *f, const struct model *m, size_t name)
{
	char text[128];

	snprintf(text, sizeof(text), "%s", model_mark_name(m, (uint32_t)name));
	view_clean(text, true);
	html_put_json(f, text);
}

void html_put_marks(FILE *f, const struct model *m)
{
	const struct mark *k;
	size_t i, n = 0;

	fputs("\"markNames\":[", f);
	for (i = 0; m->nr_marks && i <= m->nr_mark_names; i++) { /* the last: not known */
		fputs(i ? "," : "", f);
		put_name(f, m, i);
	}
	fprintf(f, "],\n\"nrMarks\":%zu,\"marks\":[", m->nr_marks);
	for (k = m->marks; k < m->marks + m->nr_marks && n < MOST_MARKS; k++) {
		if (k->thread >= m->nr_threads)
			continue;
		fprintf(f, "%s\n[%" PRIu32 ",%" PRIu32 ",%" PRIu64 ",%" PRIu64 ",%" PRIu64 ",%u,%d",
			n++ ? "," : "", k->thread, k->name, k->start_ns - m->start_ns,
			k->end_ns - k->start_ns, k->off_cpu_ns, k->depth,
			k->no_end << 1 | k->no_begin);
		if (k->point)
			fprintf(f, ",\"%" PRIu64 "\"", k->value);
		fputc(']', f);
	}
	fputs("],\n", f);
}
