// SPDX-License-Identifier: GPL-2.0
/* The table of a race for the terminal: two lines a contestant, and a third where theory has numbers. */
#include <errno.h>
#include <math.h>
#include <string.h>

#include "race/results.h"
#include "view/lines.h"
#include "view/palette.h"

#define NAME_COLUMNS 14

static const int columns[NR_RACE_MEASURES] = { 10, 10, 10, 10, 9, 7, 10 };

static void print_heads(struct lines *l)
{
	int i;

	lines_bold(l);
	fprintf(l->out, "%-*s", NAME_COLUMNS, "");
	for (i = 0; i < NR_RACE_MEASURES; i++)
		fprintf(l->out, "%*s", columns[i], race_measure_words[i].name);
	lines_plain(l);
	fprintf(l->out, "\n%-*s", NAME_COLUMNS, "");
	lines_colour(l, VIEW_TERM_QUIET, 0);
	for (i = 0; i < NR_RACE_MEASURES - 1; i++)
		fprintf(l->out, "%*s", columns[i], race_measure_words[i].unit);
	fprintf(l->out, "%*s\n", columns[i], race_measure_words[i].unit);
	lines_plain(l);
}

static void print_medians(struct lines *l, const struct race_result *r)
{
	char text[32];
	int i;

	lines_bold(l);
	fprintf(l->out, "%-*s", NAME_COLUMNS, r->name);
	lines_plain(l);
	if (strlen(r->name) >= NAME_COLUMNS)
		fprintf(l->out, "\n%-*s", NAME_COLUMNS, "");
	for (i = 0; i < NR_RACE_MEASURES; i++) {
		race_number(text, sizeof(text), i, race_spread_of(r, i).median);
		fprintf(l->out, "%*s", columns[i], text);
	}
	fputc('\n', l->out);
}

/* "208-220"; one number where they are the same. */
static void print_spread(struct lines *l, const struct race_result *r, enum race_measure measure)
{
	struct race_spread s = race_spread_of(r, measure);
	char least[32], most[32], text[72] = "";

	race_number(least, sizeof(least), measure, s.least);
	race_number(most, sizeof(most), measure, s.most);
	if (strlen(least) + strlen(most) + 2 > (size_t)columns[measure]) {
		snprintf(least, sizeof(least), "%.0f", s.least / race_measure_words[measure].one);
		snprintf(most, sizeof(most), "%.0f", s.most / race_measure_words[measure].one);
	}
	if (strcmp(least, most))
		snprintf(text, sizeof(text), "%s-%s", least, most);
	fprintf(l->out, "%*s", columns[measure], text[0] ? text : least);
}

static void print_spreads(struct lines *l, const struct race_result *r)
{
	char name[32];
	int i;

	lines_colour(l, VIEW_TERM_QUIET, 0);
	snprintf(name, sizeof(name), "  %zu run%s", r->nr_runs, r->nr_runs == 1 ? "" : "s");
	fprintf(l->out, "%-*s", NAME_COLUMNS, name);
	for (i = 0; i < NR_RACE_MEASURES; i++)
		print_spread(l, r, i);
	fputc('\n', l->out);
	lines_plain(l);
}

static void print_theory(struct lines *l, const struct race_result *r)
{
	size_t counts[THEORY_DIFFERS + 1];
	char text[64];
	double value;
	int i;

	if (!race_verdicts(r, counts))
		return;
	fprintf(l->out, "%-*s", NAME_COLUMNS, "  theory");
	for (i = 0; i <= RACE_FAIRNESS; i++) {
		value = race_theory_of(r, i).median;
		race_number(text, sizeof(text), i, value);
		fprintf(l->out, "%*s", columns[i], isnan(value) ? "" : text);
	}
	race_verdict_words(r, text, sizeof(text));
	lines_colour(l, counts[THEORY_DIFFERS] ? VIEW_TERM_WAIT_LOCK : 0, 0);
	fprintf(l->out, "   %s\n", text);
	lines_plain(l);
}

static void print_sentences(struct lines *l, const struct race *race)
{
	char text[RACE_SENTENCE];
	size_t i;

	fputc('\n', l->out);
	for (i = 0; i < race->n; i++) {
		if (race->results[i].trouble[0]) {
			lines_wrap(l, race->results[i].trouble, 0, 2);
			continue;
		}
		if (race_theory_sentence(&race->results[i], text, sizeof(text)) <= 0)
			continue;
		snprintf(text + strlen(text), sizeof(text) - strlen(text), ".");
		lines_wrap(l, text, 0, 2);
	}
}

void race_headline(const struct race *race, char *buf, size_t size)
{
	char cpus[48];

	if (race->cpus.nr == 1)
		snprintf(cpus, sizeof(cpus), "CPU %u", race->cpus.first);
	else
		snprintf(cpus, sizeof(cpus), "%u CPUs", race->cpus.nr);
	snprintf(buf, size,
		 "Each ran %u time%s on %s, in turns. The numbers are medians, from the least to "
		 "the "
		 "most of its runs.",
		 race->nr_runs, race->nr_runs == 1 ? "" : "s", cpus);
}

int race_print_table(FILE *out, const struct race *race, const struct view_term_options *options)
{
	struct lines l = { .out = out, .width = options->width, .colour = options->colour };
	char text[160];
	size_t i;

	race_headline(race, text, sizeof(text));
	fputc('\n', out);
	lines_wrap(&l, text, 0, 0);
	fputc('\n', out);
	print_heads(&l);
	for (i = 0; i < race->n; i++) {
		if (!race->results[i].nr_runs)
			continue;
		print_medians(&l, &race->results[i]);
		print_spreads(&l, &race->results[i]);
		print_theory(&l, &race->results[i]);
	}
	print_sentences(&l, race);
	return ferror(out) ? -EIO : 0;
}
