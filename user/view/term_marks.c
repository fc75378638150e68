// SPDX-License-Identifier: GPL-2.0
/*
 * Marks, below the row of their thread: a bracket with the name where there is room. What is within
 * another goes one row further down, as far as there are rows.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "view/cells.h"
#include "view/palette.h"
#include "view/term.h"
#include "view/text.h"

#define MOST_ROWS 3

struct glyphs {
	const char *first, *line, *last, *open, *brief, *point;
};
static const struct glyphs unicode = { "╰", "─", "╯", "╌", "╵", "◆" };
static const struct glyphs ascii = { "\\", "_", "/", "~", "'", "^" };

struct row {
	char (*cells)[8]; /* one character of UTF-8 each */
	bool used;
};

static void put(struct row *row, unsigned int at, const char *character)
{
	snprintf(row->cells[at], sizeof(row->cells[at]), "%s", character);
	row->used = true;
}

static unsigned int length_of(const char *s)
{
	return (*s & 0x80) == 0 ? 1 : (*s & 0xe0) == 0xc0 ? 2 : (*s & 0xf0) == 0xe0 ? 3 : 4;
}

/* The name, from at on, as far as there is room before end. */
static void put_name(struct row *row, unsigned int at, unsigned int end, const char *name)
{
	char character[8];
	unsigned int n;

	for (; *name && at < end; at++, name += n) {
		n = length_of(name);
		snprintf(character, sizeof(character), "%.*s", (int)n, name);
		put(row, at, character);
	}
}

static void draw(const struct term *t, struct row *row, const struct mark *k)
{
	const struct glyphs *g = t->o->unicode ? &unicode : &ascii;
	unsigned int from = k->start_ns < t->w.start_ns ? 0 : cells_at(t->w, t->cells, k->start_ns);
	unsigned int to = cells_at(t->w, t->cells, k->end_ns), i;
	char name[64];

	to = to < t->cells ? to : t->cells - 1;
	if (from >= t->cells || from == to) {
		if (from < t->cells)
			put(row, from, k->point ? g->point : g->brief);
		return;
	}
	for (i = from; i <= to; i++)
		put(row, i, g->line);
	put(row, from, g->first);
	put(row, to, k->no_end ? g->open : g->last);
	snprintf(name, sizeof(name), "%s", model_mark_name(t->m, k->name));
	view_clean(name, t->o->unicode);
	put_name(row, from + 1, to, name);
}

static void print(struct term *t, const struct row *row)
{
	unsigned int n = t->cells, i;

	while (n && !row->cells[n - 1][0])
		n--;
	fprintf(t->l.out, "%*s", (int)t->gutter, "");
	lines_colour(&t->l, VIEW_TERM_QUIET, 0);
	for (i = 0; i < n; i++)
		fputs(row->cells[i][0] ? row->cells[i] : " ", t->l.out);
	lines_plain(&t->l);
	fputc('\n', t->l.out);
}

int term_mark_rows(struct term *t, size_t thread)
{
	struct row rows[MOST_ROWS] = {};
	const struct mark *k;
	unsigned int i;

	if (!t->m->nr_marks)
		return 0;
	rows[0].cells = calloc((size_t)MOST_ROWS * t->cells, sizeof(*rows[0].cells));
	if (!rows[0].cells)
		return -ENOMEM;
	for (i = 1; i < MOST_ROWS; i++)
		rows[i].cells = rows[0].cells + (size_t)i * t->cells;
	for (k = t->m->marks; k < t->m->marks + t->m->nr_marks; k++)
		if (k->thread == thread && k->end_ns >= t->w.start_ns && k->start_ns <= t->w.end_ns)
			draw(t, &rows[k->depth < MOST_ROWS ? k->depth : MOST_ROWS - 1], k);
	for (i = 0; i < MOST_ROWS; i++)
		if (rows[i].used)
			print(t, &rows[i]);
	free(rows[0].cells);
	return 0;
}
