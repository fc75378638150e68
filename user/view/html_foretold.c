// SPDX-License-Identifier: GPL-2.0
/* What a room foretold, as JSON. */
#include <inttypes.h>

#include "view/html.h"
#include "view/text.h"

static void put_words(FILE *f, const char *words)
{
	char text[1024];

	snprintf(text, sizeof(text), "%s", words);
	view_clean(text, true);
	html_put_json(f, text);
}

void html_put_foretold(FILE *f, const struct model *m, const struct view_foretold *t)
{
	uint64_t at_ns;
	size_t i;

	fputs("\"foretold\":{\"question\":", f);
	put_words(f, t->question);
	fputs(",\"options\":[", f);
	for (i = 0; i < t->nr_options; i++) {
		fputs(i ? ",[" : "[", f);
		put_words(f, t->options[i].text);
		fprintf(f, ",%u,%s]", t->options[i].hands, t->options[i].seen ? "true" : "false");
	}
	fputs("],\"flags\":[", f);
	for (i = 0; i < t->nr_flags; i++) {
		at_ns = t->flags[i].at_ns > m->start_ns ? t->flags[i].at_ns - m->start_ns : 0;
		fprintf(f, "%s[%u,%" PRIu64 "]", i ? "," : "", t->flags[i].option, at_ns);
	}
	fputs("],\"threads\":[", f);
	for (i = 0; i < t->nr_tids; i++)
		fprintf(f, "%s%" PRIu32, i ? "," : "", t->tids[i]);
	fprintf(f, "],\"room\":%s,\"pile\":%s},\n", t->room ? "true" : "false",
		t->pile ? "true" : "false");
}
