// SPDX-License-Identifier: GPL-2.0
/* A frame of the timeline that one walks about in: see browse.h. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/text.h"
#include "view/browse.h"
#include "view/term.h"
#include "view/text.h"

#define FIXED_LINES 9 /* title, ruler, cursor, two blank, three of words, keys */
#define WORD_LINES  3

static const char *const help[] = {
	"+ -   zoom in, out            a d   move back, on",
	"Up Down   thread              Left Right   its interval before, after",
	"n p   its next, last wait     f   the next thing that stands out",
	"Enter   zoom to the interval  c   the command   0   all of the recording",
	"x   the next step of the critical path",
	"?   this                      q   leave",
};

static unsigned int cpus_shown(const struct browse *b)
{
	unsigned int room = b->height > FIXED_LINES + 4 ? (b->height - FIXED_LINES) / 2 : 1;

	return b->m->nr_cpus < room ? b->m->nr_cpus : room;
}

static size_t threads_shown(const struct browse *b)
{
	unsigned int used = FIXED_LINES + cpus_shown(b);

	return b->height > used ? b->height - used : 1;
}

/* One line, cut at the width. */
static void put_line(struct term *t, const char *text)
{
	unsigned int columns = 0;

	for (; *text; text++) {
		columns += (*text & 0xc0) != 0x80;
		if (columns > t->o->width)
			break;
		fputc(*text, t->l.out);
	}
	lines_plain(&t->l); /* before the line's end: nothing comes after the last */
	fputc('\n', t->l.out);
}

static void put_title(struct term *t, const struct browse *b)
{
	char text[VIEW_TITLE];

	view_title(text, sizeof(text), b->head);
	view_clean(text, t->o->unicode);
	lines_bold(&t->l);
	put_line(t, text);
	lines_plain(&t->l);
}

static void moment(const struct model *m, uint64_t time_ns, char *buf, size_t size)
{
	bool before = time_ns < m->span_start_ns;

	buf[0] = '-';
	text_duration(before ? m->span_start_ns - time_ns : time_ns - m->span_start_ns,
		      buf + before, size - before);
}

/* Where the cursor is, under the ruler. */
static void put_cursor(struct term *t, const struct browse *b)
{
	unsigned int at = cells_at(t->w, t->cells, b->cursor_ns);
	char text[TEXT_DURATION + 1];

	if (at >= t->cells)
		at = t->cells - 1;
	moment(b->m, b->cursor_ns, text, sizeof(text));
	fprintf(t->l.out, "%*s", (int)(t->gutter + at), "");
	if (at + 2 + strlen(text) < t->cells)
		fprintf(t->l.out, "%s %s\n", t->o->unicode ? "▼" : "v", text);
	else
		fprintf(t->l.out, "%s\n", t->o->unicode ? "▼" : "v");
}

static int put_cpus(struct term *t, const struct browse *b)
{
	unsigned int i, n = cpus_shown(b);
	int err = 0;

	for (i = 0; i < n && !err; i++) {
		fprintf(t->l.out, "CPU %-*u", (int)t->gutter - 4, i);
		err = term_cpu_row(t, &b->m->cpus[i]);
	}
	return err;
}

static int put_threads(struct term *t, const struct browse *b)
{
	size_t shown = threads_shown(b), top = b->top, i;
	int err = 0;

	if (b->row < top)
		top = b->row;
	if (b->row >= top + shown)
		top = b->row - shown + 1;
	for (i = top; i < top + shown && i < b->nr_threads && !err; i++) {
		if (i == b->row)
			lines_reverse(&t->l);
		term_thread_label(t, b->threads[i], true);
		lines_plain(&t->l);
		err = term_thread_row(t, b->threads[i]);
	}
	return err;
}

static void say(const struct browse *b, char *text, size_t size)
{
	const struct thread *t = b->nr_threads ? &b->m->threads[b->threads[b->row]] : NULL;
	const struct interval *i = t ? model_at(t, b->cursor_ns) : NULL;
	struct why_link links[WHY_LINKS];

	if (b->at_finding && b->nr_findings) {
		const struct finding *f =
			&b->findings[(b->finding + b->nr_findings - 1) % b->nr_findings];
		size_t n = (size_t)snprintf(text, size, "%s: ", finding_name(f->kind));

		finding_sentence(b->m, f, text + n, size - n);
	} else if (i && (i->state == STATE_SLEEPING || i->state == STATE_BLOCKED)) {
		model_why_sentence(b->m, links, model_why(b->m, t, i, links), text, size);
	} else if (i) {
		model_sentence(b->m, t, i, text, size);
	} else {
		snprintf(text, size, "%s",
			 t ? "It does not live then." : "No thread of the command.");
	}
}

/* The sentence in at most WORD_LINES lines, however long it is. */
static void put_words(struct term *t, const struct browse *b)
{
	char text[WHY_SENTENCE], *wrapped = NULL, *line, *rest;
	struct lines l = t->l;
	unsigned int n = 0;
	size_t size;

	say(b, text, sizeof(text));
	view_clean(text, t->o->unicode);
	l.out = open_memstream(&wrapped, &size);
	if (!l.out)
		return;
	lines_wrap(&l, text, 0, 0);
	fclose(l.out);
	for (rest = wrapped; n < WORD_LINES && (line = strsep(&rest, "\n")) && *line; n++)
		put_line(t, line);
	for (; n < WORD_LINES; n++)
		fputc('\n', t->l.out);
	free(wrapped);
}

static void put_keys(struct term *t, const struct browse *b)
{
	char text[128];

	snprintf(text, sizeof(text),
		 "w/s zoom  a/d move  arrows thread, interval  n/p wait  f finding (%zu)  ? help  "
		 "q leave",
		 b->nr_findings);
	lines_colour(&t->l, VIEW_TERM_QUIET, 0);
	put_line(t, b->keys ? b->keys : text);
}

static void put_help(struct term *t)
{
	size_t i;

	fputc('\n', t->l.out);
	for (i = 0; i < sizeof(help) / sizeof(*help); i++)
		put_line(t, help[i]);
	fputc('\n', t->l.out);
}

int browse_draw(FILE *out, const struct browse *b)
{
	struct term t = { .l = { .out = out, .width = b->o.width, .colour = b->o.colour },
			  .m = b->m,
			  .o = &b->o,
			  .w = b->w };
	int err;

	if (b->o.width < VIEW_MIN_WIDTH || b->height < BROWSE_MIN_HEIGHT)
		return -EINVAL;
	err = term_begin(&t);
	if (err)
		return err;
	put_title(&t, b);
	if (b->help) {
		put_help(&t);
		goto out;
	}
	term_ruler(&t);
	put_cursor(&t, b);
	err = put_cpus(&t, b);
	fputc('\n', out);
	if (!err)
		err = put_threads(&t, b);
	fputc('\n', out);
	put_words(&t, b);
	put_keys(&t, b);
out:
	term_end(&t);
	return err;
}
