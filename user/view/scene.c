// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "view/ink.h"
#include "view/scene.h"
#include "view/term.h"

#define GUTTER_MOST  18
#define GUTTER_LEAST 9 /* "together " */
#define ROWS_MOST    12

struct drawing {
	struct term t;
	const struct scene *s;
	size_t rows[ROWS_MOST], nr_rows; /* threads, as indices into the model */
};

static bool in_window(const struct thread *th, struct view_window w)
{
	return th->start_ns < w.end_ns && th->end_ns > w.start_ns;
}

static void add_row(struct drawing *d, size_t thread)
{
	if (d->nr_rows == ROWS_MOST)
		return;
	d->rows[d->nr_rows++] = thread;
}

/* Letters and colours are those of every view: by the target's threads, also those without a row. */
static int choose_rows(struct drawing *d)
{
	const struct model *m = d->s->m;
	size_t i, k;

	d->t.ordinal = calloc(m->nr_threads + 1, sizeof(*d->t.ordinal));
	if (!d->t.ordinal)
		return -ENOMEM;
	for (i = 0; i < m->nr_threads; i++)
		d->t.ordinal[i] = m->threads[i].target ? d->t.nr_targets++ : TERM_OTHER;
	for (k = 0; k < d->s->nr_tids; k++)
		for (i = 0; i < m->nr_threads; i++)
			if (m->threads[i].tid == d->s->tids[k] && d->t.ordinal[i] != TERM_OTHER &&
			    in_window(&m->threads[i], d->s->w))
				add_row(d, i);
	for (i = 0; i < m->nr_threads && !d->s->nr_tids; i++)
		if (m->threads[i].target && in_window(&m->threads[i], d->s->w))
			add_row(d, i);
	return 0;
}

static void row_label(const struct drawing *d, size_t row, char *buf, size_t size)
{
	const struct thread *th = &d->s->m->threads[d->rows[row]];

	snprintf(buf, size, "%c %.*s", view_letter(d->t.ordinal[d->rows[row]]), ONCPU_COMM_LEN,
		 th->comm);
	view_clean(buf, d->s->o.unicode);
}

static void measure(struct drawing *d)
{
	unsigned int n;
	char label[64];
	size_t i;

	d->t.gutter = GUTTER_LEAST;
	for (i = 0; i < d->nr_rows; i++) {
		row_label(d, i, label, sizeof(label));
		n = lines_columns(label) + 1;
		n = n > GUTTER_MOST ? GUTTER_MOST : n;
		d->t.gutter = n > d->t.gutter ? n : d->t.gutter;
	}
	d->t.cells = d->s->o.width - d->t.gutter;
}

/* The label stands beside the middle one of a row's lines. */
static void put_label(struct drawing *d, const char *label, unsigned int line)
{
	bool here = line == (d->s->tall - 1) / 2;

	if (here)
		lines_bold(&d->t.l);
	lines_pad(&d->t.l, here ? label : "", d->t.gutter);
	lines_plain(&d->t.l);
}

/* Behind the end of the recording there is nothing: not even something unknown. */
static void clip_to_recording(struct drawing *d)
{
	unsigned int cells;

	if (d->s->m->end_ns >= d->t.w.end_ns || d->s->m->end_ns <= d->t.w.start_ns)
		return;
	cells = cells_at(d->t.w, d->t.cells, d->s->m->end_ns);
	d->t.w.end_ns = d->s->m->end_ns;
	d->t.cells = cells ? cells : 1;
}

static void unclip(struct drawing *d)
{
	d->t.w = d->s->w;
	d->t.cells = d->s->o.width - d->t.gutter;
}

static int draw_cpus(struct drawing *d)
{
	unsigned int cpu, line;
	char label[16];
	int err;

	for (cpu = 0; cpu < d->s->m->nr_cpus; cpu++) {
		snprintf(label, sizeof(label), "CPU %u", cpu);
		for (line = 0; line < d->s->tall; line++) {
			put_label(d, label, line);
			err = term_cpu_row(&d->t, &d->s->m->cpus[cpu]);
			if (err)
				return err;
		}
		if (d->s->tall > 1 && cpu + 1 < d->s->m->nr_cpus)
			fputc('\n', d->t.l.out);
	}
	return 0;
}

static int draw_threads(struct drawing *d)
{
	char label[GUTTER_MOST];
	unsigned int line;
	size_t i;
	int err = 0;

	for (i = 0; i < d->nr_rows && !err; i++) {
		row_label(d, i, label, sizeof(label));
		for (line = 0; line < d->s->tall && !err; line++) {
			put_label(d, label, line);
			err = term_thread_row(&d->t, d->rows[i]);
		}
		if (!err && d->s->marks)
			err = term_mark_rows(&d->t, d->rows[i]);
		if (d->s->tall > 1 && i + 1 < d->nr_rows)
			fputc('\n', d->t.l.out);
	}
	return err;
}

static uint64_t ran_in(const struct thread *th, struct view_window w)
{
	const struct interval *i;
	uint64_t ns = 0, from, to;

	for (i = th->intervals; i < th->intervals + th->nr_intervals; i++) {
		from = i->start_ns > w.start_ns ? i->start_ns : w.start_ns;
		to = i->end_ns < w.end_ns ? i->end_ns : w.end_ns;
		ns += i->state == STATE_RUNNING && to > from ? to - from : 0;
	}
	return ns;
}

/* All that the rows' threads ran is the whole width. */
static int draw_pile(struct drawing *d)
{
	struct ink *ink = calloc(d->t.cells, sizeof(*ink));
	uint64_t all = 0, sum = 0;
	unsigned int at = 0, end, line;
	size_t i;

	if (!ink)
		return -ENOMEM;
	for (i = 0; i < d->nr_rows; i++)
		all += ran_in(&d->s->m->threads[d->rows[i]], d->s->w);
	for (i = 0; i < d->nr_rows && all; i++) {
		sum += ran_in(&d->s->m->threads[d->rows[i]], d->s->w);
		end = (unsigned int)((double)sum / (double)all * d->t.cells + 0.5);
		while (at < end && at < d->t.cells)
			ink[at++] = ink_thread(d->t.ordinal[d->rows[i]]);
	}
	while (at < d->t.cells)
		ink[at++] = (struct ink){ " ", 0, 0 };
	fputc('\n', d->t.l.out);
	for (line = 0; line < d->s->tall; line++) {
		put_label(d, "together", line);
		ink_print(&d->t.l, ink, d->t.cells);
	}
	free(ink);
	return 0;
}

static void draw_flag(struct drawing *d, const struct scene_flag *f)
{
	const char *sign = d->s->o.unicode ? f->seen ? "◆" : "▲" : f->seen ? "*" : "^";
	unsigned int at = cells_at(d->s->w, d->t.cells, f->at_ns);
	unsigned int n = lines_columns(f->text);

	at = at < d->t.cells ? at : d->t.cells - 1;
	if (f->seen)
		lines_bold(&d->t.l);
	lines_pad(&d->t.l, f->label, d->t.gutter);
	if (at + 2 + n <= d->t.cells)
		fprintf(d->t.l.out, "%*s%s %s", (int)at, "", sign, f->text);
	else if (n + 1 <= at)
		fprintf(d->t.l.out, "%*s%s %s", (int)(at - n - 1), "", f->text, sign);
	else
		fprintf(d->t.l.out, "%*s%s", (int)at, "", sign);
	lines_plain(&d->t.l);
	fputc('\n', d->t.l.out);
}

static void draw_legend(struct drawing *d)
{
	static const struct {
		enum view_kind kind;
		const char *text;
	} kinds[] = { { KIND_RUNNING, "runs" },
		      { KIND_RUNNABLE, "wants a CPU" },
		      { KIND_FUTEX, "waits for a lock or thread" },
		      { KIND_LOCK, "waits for a kernel lock" },
		      { KIND_IO, "waits for a file or pipe" },
		      { KIND_SLEEPING, "sleeps" },
		      { KIND_BLOCKED, "waits in the kernel" } };
	const struct thread *th;
	bool there[NR_KINDS] = {};
	unsigned int at = 0, n;
	size_t i, k;

	for (i = 0; i < d->nr_rows; i++) {
		th = &d->s->m->threads[d->rows[i]];
		for (k = 0; k < th->nr_intervals; k++)
			if (th->intervals[k].end_ns > d->s->w.start_ns &&
			    th->intervals[k].start_ns < d->s->w.end_ns)
				there[view_kind_of(&th->intervals[k])] = true;
	}
	for (i = 0; i < sizeof(kinds) / sizeof(*kinds); i++) {
		struct ink ink = ink_of(kinds[i].kind, d->s->o.unicode);

		if (!there[kinds[i].kind])
			continue;
		n = lines_columns(kinds[i].text) + 6;
		if (at && at + n > d->s->o.width) {
			fputc('\n', d->t.l.out);
			at = 0;
		}
		lines_colour(&d->t.l, ink.fore, 0);
		fprintf(d->t.l.out, "%s%s", ink.text, ink.text);
		lines_plain(&d->t.l);
		fprintf(d->t.l.out, " %s   ", kinds[i].text);
		at += n;
	}
	fputc('\n', d->t.l.out);
}

int scene_draw(FILE *out, const struct scene *s)
{
	struct drawing d = { .t = { .l = { .out = out, .width = s->o.width, .colour = s->o.colour },
				    .m = s->m,
				    .o = &s->o,
				    .w = s->w },
			     .s = s };
	size_t i;
	int err;

	if (s->w.end_ns <= s->w.start_ns || s->o.width < VIEW_MIN_WIDTH || !s->tall)
		return -EINVAL;
	err = choose_rows(&d);
	measure(&d);
	if (!err) {
		term_ruler(&d.t);
		clip_to_recording(&d);
		err = draw_cpus(&d);
		fputc('\n', out);
	}
	if (!err)
		err = draw_threads(&d);
	unclip(&d);
	if (!err && s->pile)
		err = draw_pile(&d);
	for (i = 0; i < s->nr_flags && !err; i++)
		draw_flag(&d, &s->flags[i]);
	if (!err) {
		fputc('\n', out);
		draw_legend(&d);
	}
	free(d.t.ordinal);
	return err;
}
