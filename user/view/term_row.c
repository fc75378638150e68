// SPDX-License-Identifier: GPL-2.0
/* The rows of the terminal timeline, their glyphs, and the legend that explains these. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "view/ink.h"
#include "view/term.h"
#include "view/text.h"

/* Cuts a span to the window; false where nothing is left. */
static bool clip(struct span *s, struct view_window w)
{
	if (s->start_ns < w.start_ns)
		s->start_ns = w.start_ns;
	if (s->end_ns > w.end_ns)
		s->end_ns = w.end_ns;
	return s->start_ns < s->end_ns;
}

/* A CPU's slots: idle, somebody else, then the target's threads. */
enum { SLOT_IDLE, SLOT_OTHER, SLOT_TARGETS };

static unsigned int cpu_slot(const struct term *t, const struct cpu_interval *i)
{
	const struct thread *thread = i->tid ? model_thread_at(t->m, i->tid, i->start_ns) : NULL;
	size_t ordinal = thread ? t->ordinal[thread - t->m->threads] : TERM_OTHER;

	if (!i->tid)
		return SLOT_IDLE;
	return ordinal == TERM_OTHER ? SLOT_OTHER : SLOT_TARGETS + (unsigned int)ordinal;
}

static struct ink cpu_ink(const struct term *t, const struct cell *c)
{
	if (c->slot == SLOT_OTHER)
		return (struct ink){ t->o->unicode ? "·" : "+", VIEW_TERM_QUIET, 0 };
	if (c->slot == CELL_NONE)
		return (struct ink){ "?", VIEW_TERM_QUIET, 0 };
	if (c->slot != SLOT_IDLE)
		return ink_thread(c->slot - SLOT_TARGETS);
	if (c->brief != CELL_NONE)
		return (struct ink){ ink_letter(c->brief - SLOT_TARGETS),
				     ink_colour(c->brief - SLOT_TARGETS), 0 };
	return (struct ink){ " ", 0, 0 };
}

/* Where records of this CPU were lost, however short: a picture may hide much, but not that. */
static void mark_gaps(struct term *t, const struct cpu *cpu, const struct cell *cells,
		      struct ink *ink)
{
	const struct gap *g;
	unsigned int first, last, i;

	for (g = t->m->gaps; g < t->m->gaps + t->m->nr_gaps; g++) {
		if (cpu != &t->m->cpus[g->cpu] || g->end_ns < t->w.start_ns ||
		    g->start_ns >= t->w.end_ns)
			continue;
		first = g->start_ns > t->w.start_ns ? cells_at(t->w, t->cells, g->start_ns) : 0;
		last = g->end_ns < t->w.end_ns ? cells_at(t->w, t->cells, g->end_ns) : t->cells - 1;
		for (i = first; i <= last && i < t->cells; i++)
			if (i == first || cells[i].slot == CELL_NONE)
				ink[i] = (struct ink){ "!", VIEW_TERM_WAIT_LOCK, 0 };
	}
}

static struct ink thread_ink(const struct term *t, const struct cell *c, size_t ordinal)
{
	unsigned int kind = c->slot == CELL_NONE ? KIND_DEAD : c->slot;
	unsigned char own = ordinal == TERM_OTHER ? VIEW_TERM_QUIET : ink_colour(ordinal);
	struct ink ink = ink_of(kind, t->o->unicode);

	/* Where it mostly waited for a CPU that is what to see: the CPUs' rows tell who ran. */
	if (c->brief != CELL_NONE && kind != KIND_RUNNABLE)
		return (struct ink){ ink_brief(t->o->unicode), own, 0 };
	if (kind == KIND_RUNNING)
		ink.fore = own;
	return ink;
}

/* Cells of a row into ink and out; cpu: NULL for a thread's row. */
static int print_cells(struct term *t, const struct span *spans, size_t n, unsigned int nr_slots,
		       const struct cpu *cpu, size_t thread)
{
	struct cell *cells = calloc(t->cells, sizeof(*cells));
	struct ink *ink = calloc(t->cells, sizeof(*ink));
	int err = -ENOMEM;
	unsigned int i;

	if (!cells || !ink)
		goto out;
	err = cells_fill(cells, t->cells, t->w, spans, n, nr_slots);
	if (err)
		goto out;
	for (i = 0; i < t->cells; i++)
		ink[i] = cpu ? cpu_ink(t, &cells[i]) : thread_ink(t, &cells[i], t->ordinal[thread]);
	if (cpu)
		mark_gaps(t, cpu, cells, ink);
	ink_print(&t->l, ink, t->cells);
out:
	free(ink);
	free(cells);
	return err;
}

int term_cpu_row(struct term *t, const struct cpu *cpu)
{
	struct span *spans = calloc(cpu->nr_intervals + 1, sizeof(*spans));
	size_t i, n = 0;
	int err;

	if (!spans)
		return -ENOMEM;
	for (i = 0; i < cpu->nr_intervals; i++) {
		const struct cpu_interval *ci = &cpu->intervals[i];
		unsigned int slot = cpu_slot(t, ci);

		spans[n] = (struct span){ .start_ns = ci->start_ns,
					  .end_ns = ci->end_ns,
					  .slot = slot,
					  .quiet = slot == SLOT_IDLE,
					  .brief = slot >= SLOT_TARGETS };
		n += clip(&spans[n], t->w);
	}
	err = print_cells(t, spans, n, SLOT_TARGETS + (unsigned int)t->nr_targets, cpu, 0);
	free(spans);
	return err;
}

int term_thread_row(struct term *t, size_t thread)
{
	const struct thread *th = &t->m->threads[thread];
	struct span *spans = calloc(th->nr_intervals + 1, sizeof(*spans));
	size_t i, n = 0;
	int err;

	if (!spans)
		return -ENOMEM;
	for (i = 0; i < th->nr_intervals; i++) {
		const struct interval *in = &th->intervals[i];
		enum view_kind kind = view_kind_of(in);

		spans[n] = (struct span){ .start_ns = in->start_ns,
					  .end_ns = in->end_ns,
					  .slot = kind,
					  .quiet = kind <= KIND_STOPPED,
					  .keep = kind >= KIND_BLOCKED && kind <= KIND_RUNNABLE,
					  .brief = kind == KIND_RUNNING };
		n += clip(&spans[n], t->w);
	}
	err = print_cells(t, spans, n, NR_KINDS, NULL, thread);
	free(spans);
	return err;
}

static void legend_entry(struct term *t, enum view_kind kind, const char *text)
{
	struct ink ink = ink_of(kind, t->o->unicode);

	lines_colour(&t->l, ink.fore, 0);
	fprintf(t->l.out, "%s%s", ink.text, ink.text);
	lines_plain(&t->l);
	fprintf(t->l.out, " %s", text);
}

/* Whether a thread of the target does that within the window. */
static bool occurs(const struct term *t, enum view_kind kind)
{
	const struct thread *th;
	size_t i;

	for (th = t->m->threads; th < t->m->threads + t->m->nr_threads; th++)
		for (i = 0; th->target && i < th->nr_intervals; i++)
			if (view_kind_of(&th->intervals[i]) == kind &&
			    th->intervals[i].end_ns > t->w.start_ns &&
			    th->intervals[i].start_ns < t->w.end_ns)
				return true;
	return false;
}

/* What is rare is explained where it occurs. */
static void rare_entries(struct term *t)
{
	static const struct {
		enum view_kind kind;
		const char *text;
	} rare[] = {
		{ KIND_IO, "waits for a file, pipe or socket" },
		{ KIND_LOCK, "waits for a lock of the kernel" },
		{ KIND_STOPPED, "stopped from outside" },
	};
	unsigned int said = 0;
	size_t i;

	for (i = 0; i < sizeof(rare) / sizeof(*rare); i++) {
		if (!occurs(t, rare[i].kind))
			continue;
		if (said)
			fputs(t->o->width >= 80 && said % 2 ? "   " : "\n", t->l.out);
		legend_entry(t, rare[i].kind, rare[i].text);
		said++;
	}
	if (said)
		fputc('\n', t->l.out);
	if (!t->m->nr_gaps)
		return;
	lines_colour(&t->l, VIEW_TERM_WAIT_LOCK, 0);
	fputs("!!", t->l.out);
	lines_plain(&t->l);
	fputs(" records were lost\n", t->l.out);
}

void term_legend(struct term *t)
{
	bool wide = t->o->width >= 80;

	legend_entry(t, KIND_RUNNING, "runs   ");
	legend_entry(t, KIND_RUNNABLE, "could run, waits for a CPU");
	fputs(wide ? "   " : "\n", t->l.out);
	legend_entry(t, KIND_FUTEX, "waits for a lock or a thread\n");
	legend_entry(t, KIND_SLEEPING, "sleeps   ");
	legend_entry(t, KIND_BLOCKED, "waits in the kernel");
	fprintf(t->l.out, "%s%s%s ran briefly   %s others   ?? unknown\n", wide ? "   " : "\n",
		ink_brief(t->o->unicode), ink_brief(t->o->unicode), t->o->unicode ? "··" : "++");
	rare_entries(t);
}
