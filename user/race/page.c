// SPDX-License-Identifier: GPL-2.0
/* The page of a race: see page.h. */
#include <errno.h>
#include <math.h>
#include <string.h>

#include "course/markdown.h"
#include "race/page.h"

extern const char race_page_template[];

struct page {
	FILE *out;
	const struct race *race;
	const struct race_picture *pictures;
	size_t n;
	int err;
};

static void put_heads(FILE *out)
{
	int i;

	fputs("<table><thead><tr><th></th>", out);
	for (i = 0; i < NR_RACE_MEASURES; i++)
		fprintf(out, "<th>%s<small>%s</small></th>", race_measure_words[i].name,
			race_measure_words[i].unit);
	fputs("<th></th></tr></thead>\n", out);
}

static void put_medians(FILE *out, const struct race_result *r)
{
	char median[32], least[32], most[32];
	struct race_spread s;
	int i;

	fputs("<tr><th>", out);
	markdown_escape(out, r->name);
	fputs("</th>", out);
	for (i = 0; i < NR_RACE_MEASURES; i++) {
		s = race_spread_of(r, i);
		race_number(median, sizeof(median), i, s.median);
		race_number(least, sizeof(least), i, s.least);
		race_number(most, sizeof(most), i, s.most);
		fprintf(out, "<td>%s", median);
		if (strcmp(least, most))
			fprintf(out, "<small>%s–%s</small>", least, most);
		fputs("</td>", out);
	}
	fputs("<td></td></tr>\n", out);
}

static void put_theory_row(FILE *out, const struct race_result *r)
{
	size_t counts[THEORY_DIFFERS + 1];
	char text[64];
	double value;
	int i;

	if (!race_verdicts(r, counts))
		return;
	fprintf(out, "<tr class=\"theory%s\"><th>by theory</th>",
		counts[THEORY_DIFFERS] ? " differs" : "");
	for (i = 0; i <= RACE_FAIRNESS; i++) {
		value = race_theory_of(r, i).median;
		race_number(text, sizeof(text), i, value);
		fprintf(out, "<td>%s</td>", isnan(value) ? "" : text);
	}
	race_verdict_words(r, text, sizeof(text));
	fprintf(out, "<td class=\"verdict\" colspan=\"%d\">%s</td></tr>\n",
		NR_RACE_MEASURES - i + 1, text);
}

static void put_table(const struct page *p)
{
	size_t i;

	put_heads(p->out);
	for (i = 0; i < p->race->n; i++) {
		if (!p->race->results[i].nr_runs)
			continue;
		fputs("<tbody class=\"one\">", p->out);
		put_medians(p->out, &p->race->results[i]);
		put_theory_row(p->out, &p->race->results[i]);
		fputs("</tbody>\n", p->out);
	}
	fputs("</table>", p->out);
}

static void put_sentences(const struct page *p)
{
	const struct race_result *r;
	char text[RACE_SENTENCE];

	for (r = p->race->results; r < p->race->results + p->race->n; r++) {
		race_theory_sentence(r, text, sizeof(text));
		if (!r->trouble[0] && !text[0])
			continue;
		fputs("<p>", p->out);
		markdown_escape(p->out, r->trouble[0] ? r->trouble : text);
		fputs(".</p>\n", p->out);
	}
}

static void put_measures(FILE *out)
{
	int i;

	for (i = 0; i < NR_RACE_MEASURES; i++) {
		fprintf(out, "<dt>%s</dt><dd>", race_measure_words[i].name);
		markdown_escape(out, race_measure_words[i].meaning);
		fputs("</dd>\n", out);
	}
}

static void put_slot(struct page *p, const char *name, size_t length)
{
	char text[160];

	if (!strncmp(name, "TITLE", length)) {
		markdown_escape(p->out, p->race->command);
	} else if (!strncmp(name, "HEADLINE", length)) {
		race_headline(p->race, text, sizeof(text));
		markdown_escape(p->out, text);
	} else if (!strncmp(name, "PICTURES", length)) {
		p->err = race_write_pictures(p->out, p->race, p->pictures, p->n);
	} else if (!strncmp(name, "TABLE", length)) {
		put_table(p);
	} else if (!strncmp(name, "THEORY", length)) {
		put_sentences(p);
	} else if (!strncmp(name, "MEASURES", length)) {
		put_measures(p->out);
	}
}

int race_write_page(FILE *out, const struct race *race, const struct race_picture *pictures,
		    size_t n)
{
	struct page p = { .out = out, .race = race, .pictures = pictures, .n = n };
	const char *at = race_page_template, *slot, *end;

	/* A slot is @NAME@ alone between tags, as in the page of a trace. */
	while (!p.err && (slot = strstr(at, ">@")) && (end = strstr(slot + 2, "@<"))) {
		fwrite(at, 1, (size_t)(slot + 1 - at), out);
		put_slot(&p, slot + 2, (size_t)(end - slot - 2));
		at = end + 1;
	}
	fputs(at, out);
	return !p.err && ferror(out) ? -EIO : p.err;
}
