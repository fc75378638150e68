// SPDX-License-Identifier: GPL-2.0
/* The pictures of the page: a lane each CPU and job, of rectangles that are as many cells long. */
#include <errno.h>
#include <stdlib.h>

#include "course/markdown.h"
#include "race/page.h"
#include "view/cells.h"
#include "view/palette.h"
#include "view/text.h"

#define CELLS	 1000 /* of a lane: finer than a screen shows half of the page's width */
#define NR_TICKS 8

/* What a rectangle is. Behind these: the jobs, on a CPU. */
enum slot {
	SLOT_NOTHING,
	SLOT_OTHER,
	SLOT_UNKNOWN,
	SLOT_SLEEPING,
	SLOT_WAITING,
	SLOT_RUNNABLE,
	SLOT_JOBS
};

static const struct shape {
	const char *class;
	unsigned int y, height;
} shapes[SLOT_JOBS] = {
	[SLOT_OTHER] = { "other", 8, 8 },	 [SLOT_UNKNOWN] = { "unknown", 4, 16 },
	[SLOT_SLEEPING] = { "sleeping", 11, 2 }, [SLOT_WAITING] = { "waiting", 10, 4 },
	[SLOT_RUNNABLE] = { "runnable", 4, 16 },
};

struct lane {
	struct span *spans;
	size_t n;
	struct view_window w;
};

static void add(struct lane *l, uint64_t from_ns, uint64_t to_ns, unsigned int slot)
{
	struct span s = { .start_ns = from_ns > l->w.start_ns ? from_ns : l->w.start_ns,
			  .end_ns = to_ns < l->w.end_ns ? to_ns : l->w.end_ns,
			  .slot = slot,
			  .quiet = slot == SLOT_NOTHING || slot == SLOT_SLEEPING,
			  .keep = slot == SLOT_RUNNABLE || slot == SLOT_WAITING };

	if (s.start_ns < s.end_ns)
		l->spans[l->n++] = s;
}

static void put_rectangle(FILE *out, unsigned int from, unsigned int to, unsigned int slot)
{
	double x = from * 100.0 / CELLS, width = (to - from) * 100.0 / CELLS;

	if (slot >= SLOT_JOBS)
		fprintf(out,
			"<rect class=\"run c%zu\" x=\"%g%%\" y=\"2\" width=\"%g%%\" "
			"height=\"20\"/>",
			(size_t)(slot - SLOT_JOBS) % VIEW_NR_COLOURS, x, width);
	else if (shapes[slot].class)
		fprintf(out,
			"<rect class=\"%s\" x=\"%g%%\" y=\"%u\" width=\"%g%%\" height=\"%u\"/>",
			shapes[slot].class, x, shapes[slot].y, width, shapes[slot].height);
}

static int put_lane(FILE *out, const struct lane *l, unsigned int nr_slots)
{
	struct cell *cells = calloc(CELLS, sizeof(*cells));
	int err = cells ? cells_fill(cells, CELLS, l->w, l->spans, l->n, nr_slots) : -ENOMEM;
	unsigned int i, from = 0;

	for (i = 1; i <= CELLS && !err; i++) {
		if (i < CELLS && cells[i].slot == cells[from].slot)
			continue;
		if (cells[from].slot != CELL_NONE)
			put_rectangle(out, from, i, cells[from].slot);
		from = i;
	}
	free(cells);
	return err;
}

static unsigned int slot_of(const struct interval *i, unsigned int job)
{
	switch (view_kind_of(i)) {
	case KIND_RUNNING:
		return SLOT_JOBS + job;
	case KIND_RUNNABLE:
		return SLOT_RUNNABLE;
	case KIND_SLEEPING:
	case KIND_STOPPED:
		return SLOT_SLEEPING;
	case KIND_DEAD:
		return SLOT_NOTHING;
	case KIND_UNKNOWN:
		return SLOT_UNKNOWN;
	default:
		return SLOT_WAITING;
	}
}

static int put_job(FILE *out, const struct view_lanes *v, size_t job)
{
	const struct thread *t = &v->m->threads[v->threads[job]];
	struct lane l = { .spans = calloc(t->nr_intervals + 1, sizeof(*l.spans)), .w = v->window };
	const struct interval *i;
	char name[ONCPU_COMM_LEN + 1];
	int err;

	if (!l.spans)
		return -ENOMEM;
	for (i = t->intervals; i < t->intervals + t->nr_intervals; i++)
		add(&l, i->start_ns, i->end_ns < t->end_ns ? i->end_ns : t->end_ns,
		    slot_of(i, (unsigned int)job));
	snprintf(name, sizeof(name), "%.*s", ONCPU_COMM_LEN, t->comm);
	fprintf(out, "<div class=\"lane\"><span>%c ", view_letter(job));
	markdown_escape(out, name);
	fputs("</span><svg>", out);
	err = put_lane(out, &l, SLOT_JOBS + (unsigned int)v->nr_threads);
	fputs("</svg></div>\n", out);
	free(l.spans);
	return err;
}

static unsigned int slot_on_cpu(const struct view_lanes *v, const struct cpu_interval *i)
{
	const struct thread *t = i->tid ? model_thread_at(v->m, i->tid, i->start_ns) : NULL;
	unsigned int job;

	if (!i->tid)
		return SLOT_NOTHING;
	for (job = 0; job < v->nr_threads && t; job++)
		if (t == &v->m->threads[v->threads[job]])
			return SLOT_JOBS + job;
	return SLOT_OTHER;
}

static int put_cpu(FILE *out, const struct view_lanes *v, unsigned int cpu)
{
	const struct cpu *c = &v->m->cpus[cpu];
	struct lane l = { .spans = calloc(c->nr_intervals + 1, sizeof(*l.spans)), .w = v->window };
	const struct cpu_interval *i;
	int err;

	if (!l.spans)
		return -ENOMEM;
	for (i = c->intervals; i < c->intervals + c->nr_intervals; i++)
		if (i->end_ns > l.w.start_ns && i->start_ns < l.w.end_ns)
			add(&l, i->start_ns, i->end_ns, slot_on_cpu(v, i));
	fprintf(out, "<div class=\"lane cpu\"><span>CPU %u</span><svg>", cpu);
	err = put_lane(out, &l, SLOT_JOBS + (unsigned int)v->nr_threads);
	fputs("</svg></div>\n", out);
	free(l.spans);
	return err;
}

static void put_ruler(FILE *out, uint64_t ns)
{
	uint64_t step = view_tick_step(ns, NR_TICKS), at;
	char label[32];

	fputs("<div class=\"lane ruler\"><span></span><svg>", out);
	for (at = 0; at <= ns; at += step) {
		double x = (double)at * 100 / (double)ns;

		view_tick(label, sizeof(label), at);
		fprintf(out, "<line x1=\"%g%%\" x2=\"%g%%\" y1=\"4\" y2=\"20\"/>", x, x);
		if (x < 94)
			fprintf(out, "<text x=\"%g%%\" dx=\"4\" y=\"14\">%s</text>", x, label);
	}
	fputs("</svg></div>\n", out);
}

static int put_picture(FILE *out, const struct race *race, const struct race_picture *p,
		       uint64_t ns)
{
	struct view_lanes v = race_lanes(p, ns, race->cpus);
	char title[96];
	unsigned int cpu;
	size_t i;
	int err = 0;

	race_picture_title(p, title, sizeof(title));
	fputs("<figure><figcaption>", out);
	markdown_escape(out, p->result->name);
	fprintf(out, "<small>%s</small></figcaption>\n", title);
	put_ruler(out, ns);
	for (cpu = v.first_cpu; !err && cpu < v.first_cpu + v.nr_cpus && cpu < v.m->nr_cpus; cpu++)
		err = put_cpu(out, &v, cpu);
	for (i = 0; i < v.nr_threads && !err; i++)
		err = put_job(out, &v, i);
	fputs("</figure>\n", out);
	return err;
}

int race_write_pictures(FILE *out, const struct race *race, const struct race_picture *pictures,
			size_t n)
{
	uint64_t ns = race_pictures_ns(pictures, n);
	size_t i;
	int err = 0;

	for (i = 0; i < n && !err; i++)
		err = put_picture(out, race, &pictures[i], ns);
	return err;
}
