// SPDX-License-Identifier: GPL-2.0
/* Intervals as comma-separated values; see export.h. RFC 4180: text in quotes, quotes doubled. */
#include <errno.h>
#include <inttypes.h>

#include "view/export.h"
#include "view/text.h"

static void text(FILE *f, const char *s)
{
	fputc('"', f);
	for (; *s; s++) {
		if (*s == '"')
			fputc('"', f);
		fputc(*s, f);
	}
	fputc('"', f);
}

static void tid(FILE *f, uint32_t value)
{
	fputc(',', f);
	if (value)
		fprintf(f, "%" PRIu32, value);
}

static void line(FILE *f, const struct model *m, const struct thread *t, const struct interval *i)
{
	const bool waits = i->state == STATE_SLEEPING || i->state == STATE_BLOCKED;
	char comm[ONCPU_COMM_LEN + 1], what[MODEL_TEMPLATE] = "";

	snprintf(comm, sizeof(comm), "%.*s", ONCPU_COMM_LEN, t->comm);
	view_clean(comm, true);
	fprintf(f, "%" PRIu32 ",%" PRIu32 ",", t->tid, t->tgid);
	text(f, comm);
	fprintf(f, ",%d,%" PRId64 ",%" PRId64 ",%s,%s,", t->target,
		(int64_t)(i->start_ns - m->span_start_ns), (int64_t)(i->end_ns - m->span_start_ns),
		model_state_name(i->state), i->cause ? model_cause_name(i->cause) : "");
	if (i->cpu >= 0)
		fprintf(f, "%d", i->cpu);
	tid(f, i->waker);
	fprintf(f, ",%d", i->waker_irq);
	tid(f, i->instead);
	tid(f, i->owner);
	fputc(',', f);
	if (waits && i->cause)
		model_awaited(m, i, what, sizeof(what));
	text(f, what);
	fprintf(f, ",%d\n", i->open);
}

/* Of a mark its thread, its name (and a point's value) where a wait has what it was for, and whether it never ended. */
static void mark_line(FILE *f, const struct model *m, const struct mark *k)
{
	const struct thread *t = &m->threads[k->thread];
	char comm[ONCPU_COMM_LEN + 1], name[128], value[24];

	snprintf(comm, sizeof(comm), "%.*s", ONCPU_COMM_LEN, t->comm);
	view_clean(comm, true);
	snprintf(value, sizeof(value), " %" PRIu64, k->value);
	snprintf(name, sizeof(name), "%s%s", model_mark_name(m, k->name), k->point ? value : "");
	view_clean(name, true);
	fprintf(f, "%" PRIu32 ",%" PRIu32 ",", t->tid, t->tgid);
	text(f, comm);
	fprintf(f, ",%d,%" PRId64 ",%" PRId64 ",mark,%s,,,0,,,", t->target,
		(int64_t)(k->start_ns - m->span_start_ns), (int64_t)(k->end_ns - m->span_start_ns),
		k->point      ? "point"
		: k->no_begin ? "end"
		: k->no_end   ? "begin"
			      : "interval");
	text(f, name);
	fprintf(f, ",%d\n", k->no_end);
}

/* Of a decision its thread, the queue where a state has its cause, and how it is told. */
static void decision_line(FILE *f, const struct model *m, const struct decision *d)
{
	const struct thread *t = &m->threads[d->thread];
	const int64_t at = (int64_t)(d->time_ns - m->span_start_ns);
	char comm[ONCPU_COMM_LEN + 1], words[MODEL_DECISION];

	snprintf(comm, sizeof(comm), "%.*s", ONCPU_COMM_LEN, t->comm);
	view_clean(comm, true);
	model_decision_words(m, d, words, sizeof(words));
	view_clean(words, true);
	fprintf(f, "%" PRIu32 ",%" PRIu32 ",", t->tid, t->tgid);
	text(f, comm);
	fprintf(f, ",%d,%" PRId64 ",%" PRId64 ",decision,", t->target, at, at);
	if (d->queue < ONCPU_DECISION_CHOSEN)
		fprintf(f, "queue %u", d->queue);
	fputs(",,,0,,,", f);
	text(f, words);
	fputs(",0\n", f);
}

/* Of a gap its CPU, and how many were lost where a wait has what it was for. */
static void gap_line(FILE *f, const struct model *m, const struct gap *g)
{
	fprintf(f, ",,\"\",0,%" PRId64 ",%" PRId64 ",lost,,%" PRIu32 ",,0,,,",
		(int64_t)(g->start_ns - m->span_start_ns), (int64_t)(g->end_ns - m->span_start_ns),
		g->cpu);
	fprintf(f, "\"%" PRIu64 " record%s\",0\n", g->nr, g->nr == 1 ? "" : "s");
}

int view_csv(FILE *f, const struct model *m)
{
	const struct interval *i;
	const struct thread *t;
	const struct decision *d;
	const struct mark *k;
	const struct gap *g;

	errno = 0;
	fputs("tid,process,name,of_command,start_ns,end_ns,state,cause,cpu,waker,waker_is_"
	      "interrupt,"
	      "ran_instead,owner,waited_for,open\n",
	      f);
	for (t = m->threads; t < m->threads + m->nr_threads; t++)
		for (i = t->intervals; i < t->intervals + t->nr_intervals; i++)
			line(f, m, t, i);
	for (g = m->gaps; g < m->gaps + m->nr_gaps; g++)
		gap_line(f, m, g);
	for (k = m->marks; k < m->marks + m->nr_marks; k++)
		if (k->thread < m->nr_threads)
			mark_line(f, m, k);
	for (d = m->decisions; d < m->decisions + m->nr_decisions; d++)
		decision_line(f, m, d);
	return ferror(f) ? (errno ? -errno : -EIO) : 0;
}
