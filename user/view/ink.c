// SPDX-License-Identifier: GPL-2.0
/* Glyphs and colours of a terminal's rows: see ink.h. */
#include <string.h>

#include "view/ink.h"
#include "view/palette.h"

static const struct glyph {
	const char *unicode, *ascii;
	unsigned char colour; /* 0: the thread's own, or none */
} glyphs[NR_KINDS] = {
	[KIND_DEAD] = { " ", " ", 0 },
	[KIND_UNKNOWN] = { "?", "?", VIEW_TERM_QUIET },
	[KIND_SLEEPING] = { "─", "-", VIEW_TERM_QUIET },
	[KIND_STOPPED] = { "‖", "|", VIEW_TERM_QUIET },
	[KIND_BLOCKED] = { "┄", "~", VIEW_TERM_QUIET },
	[KIND_IO] = { "╍", "_", VIEW_TERM_WAIT_IO },
	[KIND_FUTEX] = { "═", "=", VIEW_TERM_WAIT_LOCK },
	[KIND_LOCK] = { "≡", "%", VIEW_TERM_WAIT_LOCK },
	[KIND_RUNNABLE] = { "░", ".", VIEW_TERM_WAIT_CPU },
	[KIND_RUNNING] = { "█", "#", 0 },
};

struct ink ink_of(enum view_kind kind, bool unicode)
{
	const struct glyph *g = &glyphs[kind];

	return (struct ink){ unicode ? g->unicode : g->ascii, g->colour, 0 };
}

const char *ink_brief(bool unicode)
{
	return unicode ? "▒" : "*";
}

const char *ink_letter(size_t ordinal)
{
	static char text[256][2];
	unsigned char c = (unsigned char)view_letter(ordinal);

	text[c][0] = (char)c;
	return text[c];
}

unsigned char ink_colour(size_t ordinal)
{
	return view_colours[ordinal % VIEW_NR_COLOURS].term;
}

struct ink ink_thread(size_t ordinal)
{
	return (struct ink){ ink_letter(ordinal), view_colours[ordinal % VIEW_NR_COLOURS].term_ink,
			     ink_colour(ordinal) };
}

/* Good for pipes and for tests. */
void ink_print(struct lines *l, const struct ink *ink, unsigned int n)
{
	unsigned int i;

	while (n && !strcmp(ink[n - 1].text, " ") && !ink[n - 1].back)
		n--;
	for (i = 0; i < n; i++) {
		if (!i || ink[i].fore != ink[i - 1].fore || ink[i].back != ink[i - 1].back) {
			lines_plain(l);
			lines_colour(l, ink[i].fore, ink[i].back);
		}
		fputs(ink[i].text, l->out);
	}
	lines_plain(l);
	fputc('\n', l->out);
}
