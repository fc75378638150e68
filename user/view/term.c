// SPDX-License-Identifier: GPL-2.0
/*
 * The terminal timeline: a headline, a ruler, a row a CPU, a row a thread, a legend that teaches,
 * and why the longest waits were. Model, window and width in, lines out.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "view/term.h"
#include "view/text.h"

#define GUTTER_MAX    24
#define THREADS_SHOWN 40 /* without .all */
#define WAITS_SHOWN   3
#define GAPS_SHOWN    4

static int gutter_label(const struct term *t, size_t thread, char *buf, size_t size)
{
	const struct thread *th = &t->m->threads[thread];
	char comm[ONCPU_COMM_LEN + 1];

	snprintf(comm, sizeof(comm), "%.*s", ONCPU_COMM_LEN, th->comm);
	view_clean(comm, t->o->unicode);
	return snprintf(buf, size, "%c %s%c%" PRIu32,
			t->ordinal[thread] == TERM_OTHER ? ' ' : view_letter(t->ordinal[thread]),
			comm[0] ? comm : "tid", comm[0] ? '/' : ' ', th->tid);
}

static void print_label(struct term *t, const char *label, bool strong)
{
	unsigned int n = lines_columns(label), i;
	const char *s = label;

	if (n > t->gutter - 1) { /* keep the end: the number tells twins apart */
		fputs(t->o->unicode ? "…" : "~", t->l.out);
		for (i = n - (t->gutter - 2); i && *s; s++)
			i -= (s[1] & 0xc0) != 0x80;
		fprintf(t->l.out, "%s ", s);
		return;
	}
	lines_colour(&t->l, strong ? 0 : VIEW_TERM_QUIET, 0);
	fputs(label, t->l.out);
	lines_plain(&t->l);
	fprintf(t->l.out, "%*s", (int)(t->gutter - n), "");
}

/* Ticks at round times since the start of the command, each with its label to the right. */
void term_ruler(struct term *t)
{
	uint64_t origin = t->m->span_start_ns, time_ns, step;
	uint64_t from = t->w.start_ns > origin ? t->w.start_ns - origin : 0;
	unsigned int at = 0, next = 0;
	char label[32];

	fprintf(t->l.out, "%*s", (int)t->gutter, "");
	step = view_tick_step(t->w.end_ns - t->w.start_ns, t->cells / 12 ? t->cells / 12 : 1);
	lines_colour(&t->l, VIEW_TERM_QUIET, 0);
	for (time_ns = (from + step - 1) / step * step; origin + time_ns <= t->w.end_ns;
	     time_ns += step) {
		at = cells_at(t->w, t->cells, origin + time_ns);
		view_tick(label, sizeof(label), time_ns);
		if (at < next || at + 1 + lines_columns(label) > t->cells)
			continue;
		fprintf(t->l.out, "%*s%s%s", (int)(at - next), "", t->o->unicode ? "╷" : "|",
			label);
		next = at + 1 + lines_columns(label);
	}
	lines_plain(&t->l);
	fputc('\n', t->l.out);
}

int term_cpu(struct term *t, unsigned int cpu)
{
	char label[16];

	snprintf(label, sizeof(label), "CPU %u", cpu);
	print_label(t, label, true);
	return term_cpu_row(t, &t->m->cpus[cpu]);
}

int term_cpus(struct term *t)
{
	unsigned int i;
	int err = 0;

	for (i = 0; i < t->m->nr_cpus && !err; i++)
		err = term_cpu(t, i);
	return err;
}

void term_thread_label(struct term *t, size_t thread, bool strong)
{
	char label[64];

	gutter_label(t, thread, label, sizeof(label));
	print_label(t, label, strong);
}

static int print_threads(struct term *t, bool target)
{
	size_t i, shown = 0, left = 0;
	int err;

	for (i = 0; i < t->m->nr_threads; i++) {
		if (t->m->threads[i].target != target)
			continue;
		if (!t->o->all && shown >= THREADS_SHOWN) {
			left++;
			continue;
		}
		shown++;
		term_thread_label(t, i, target);
		err = term_thread_row(t, i);
		if (!err)
			err = term_mark_rows(t, i);
		if (err)
			return err;
	}
	if (left)
		fprintf(t->l.out, "%*s%zu more thread%s: --all shows them\n", (int)t->gutter, "",
			left, left == 1 ? "" : "s");
	return 0;
}

static void print_waits(struct term *t)
{
	struct view_wait waits[WAITS_SHOWN];
	size_t n = view_longest_waits(t->m, t->w, waits, WAITS_SHOWN), i;
	char text[512];

	if (n)
		lines_heading(&t->l, "The longest waits, one a thread");
	for (i = 0; i < n; i++) {
		const struct thread *th = &t->m->threads[waits[i].thread];

		model_sentence(t->m, th, &th->intervals[waits[i].interval], text, sizeof(text));
		view_clean(text, t->o->unicode);
		fputs("  ", t->l.out);
		lines_wrap(&t->l, text, 2, 2);
	}
}

/* The gaps in the window. */
static void print_gaps(struct term *t)
{
	size_t i, shown = 0, left = 0;
	char text[VIEW_GAP];

	for (i = 0; i < t->m->nr_gaps; i++) {
		const struct gap *g = &t->m->gaps[i];

		if (g->end_ns < t->w.start_ns || g->start_ns >= t->w.end_ns)
			continue;
		if (shown == GAPS_SHOWN) {
			left++;
			continue;
		}
		if (!shown++)
			lines_heading(&t->l, "Lost records");
		view_gap(text, sizeof(text), t->m, g);
		fprintf(t->l.out, "  %s\n", text);
	}
	if (left)
		fprintf(t->l.out, "  and %zu more gap%s\n", left, left == 1 ? "" : "s");
}

static void set_gutter(struct term *t)
{
	unsigned int limit = t->o->width / 3 < GUTTER_MAX ? t->o->width / 3 : GUTTER_MAX, n;
	char label[64];
	size_t i;

	t->gutter = 7; /* "CPU 99 " */
	for (i = 0; i < t->m->nr_threads; i++) {
		if (!t->m->threads[i].target && !t->o->all)
			continue;
		gutter_label(t, i, label, sizeof(label));
		n = lines_columns(label) + 1;
		if (n > t->gutter)
			t->gutter = n < limit ? n : limit;
	}
	t->cells = t->o->width - t->gutter;
}

static int number_targets(struct term *t)
{
	size_t i;

	t->ordinal = calloc(t->m->nr_threads + 1, sizeof(*t->ordinal));
	if (!t->ordinal)
		return -ENOMEM;
	for (i = 0; i < t->m->nr_threads; i++)
		t->ordinal[i] = t->m->threads[i].target ? t->nr_targets++ : TERM_OTHER;
	return 0;
}

int term_begin(struct term *t)
{
	int err = number_targets(t);

	if (!err)
		set_gutter(t);
	return err;
}

void term_end(struct term *t)
{
	free(t->ordinal);
	t->ordinal = NULL;
}

static void print_head(struct term *t, const struct view_head *head)
{
	char text[VIEW_WARNING];

	view_title(text, sizeof(text), head);
	view_clean(text, t->o->unicode);
	lines_bold(&t->l);
	lines_wrap(&t->l, text, 0, 2);
	lines_plain(&t->l);
	view_headline(text, sizeof(text), t->m);
	lines_wrap(&t->l, text, 0, 0);
	view_warning(text, sizeof(text), t->m);
	lines_colour(&t->l, VIEW_TERM_WAIT_LOCK, 0);
	if (text[0])
		lines_wrap(&t->l, text, 0, 2);
	lines_plain(&t->l);
	fputc('\n', t->l.out);
}

int view_term(FILE *out, const struct model *m, const struct view_head *head,
	      struct view_window window, const struct view_term_options *options)
{
	struct term t = { .l = { .out = out, .width = options->width, .colour = options->colour },
			  .m = m,
			  .o = options,
			  .w = window };
	int err;

	if (window.end_ns < window.start_ns || options->width < VIEW_MIN_WIDTH ||
	    options->width > VIEW_MAX_WIDTH)
		return -EINVAL;
	err = term_begin(&t);
	if (err)
		return err;
	print_head(&t, head);
	if (window.end_ns == window.start_ns) {
		fputs("Nothing lasted: there is no time to draw.\n", out);
		goto out;
	}
	term_ruler(&t);
	err = term_cpus(&t);
	if (!err && t.nr_targets) {
		fputc('\n', out);
		err = print_threads(&t, true);
	}
	if (!err && options->all)
		err = print_threads(&t, false);
	if (err)
		goto out;
	fputc('\n', out);
	term_legend(&t);
	print_waits(&t);
	print_gaps(&t);
out:
	term_end(&t);
	if (!err && ferror(out))
		err = -EIO;
	return err;
}
