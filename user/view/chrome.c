// SPDX-License-Identifier: GPL-2.0
/* Chrome's trace event format; see export.h. */
#include <errno.h>
#include <inttypes.h>
#include <jansson.h>

#include "view/export.h"
#include "view/text.h"

static int put(FILE *f, json_t *event, bool *first)
{
	if (!event)
		return -ENOMEM;
	fputs(*first ? "\n" : ",\n", f);
	*first = false;
	json_dumpf(event, f, JSON_COMPACT | JSON_REAL_PRECISION(15));
	json_decref(event);
	return 0;
}

static double us(const struct model *m, uint64_t time_ns)
{
	return ((double)time_ns - (double)m->span_start_ns) / 1000;
}

static json_int_t process_of(const struct thread *t)
{
	return t->tgid ? t->tgid : t->tid;
}

static int put_name(FILE *f, const struct thread *t, bool *first)
{
	char name[ONCPU_COMM_LEN + 1];

	snprintf(name, sizeof(name), "%.*s", ONCPU_COMM_LEN, t->comm);
	view_clean(name, true);
	return put(f,
		   json_pack("{s:s,s:s,s:I,s:I,s:{s:s}}", "ph", "M", "name", "thread_name", "pid",
			     process_of(t), "tid", (json_int_t)t->tid, "args", "name", name),
		   first);
}

static const char *title(const struct model *m, const struct interval *i, char *buf, size_t size)
{
	if (i->state != STATE_SLEEPING && i->state != STATE_BLOCKED)
		return model_state_name(i->state);
	if (i->cause == CAUSE_UNKNOWN)
		return model_state_name(i->state);
	model_awaited(m, i, buf, size);
	return buf;
}

static int put_interval(FILE *f, const struct model *m, const struct thread *t,
			const struct interval *i, bool *first)
{
	char what[MODEL_TEMPLATE], sentence[MODEL_SENTENCE];

	model_sentence(m, t, i, sentence, sizeof(sentence));
	view_clean(sentence, true);
	return put(f,
		   json_pack("{s:s,s:s,s:s,s:I,s:I,s:f,s:f,s:{s:s}}", "ph", "X", "name",
			     title(m, i, what, sizeof(what)), "cat", model_state_name(i->state),
			     "pid", process_of(t), "tid", (json_int_t)t->tid, "ts",
			     us(m, i->start_ns), "dur", (double)(i->end_ns - i->start_ns) / 1000,
			     "args", "what happened", sentence),
		   first);
}

/* From who woke to who was woken: a flow needs a slice at both ends. */
static int put_flow(FILE *f, const struct model *m, const struct thread *t,
		    const struct interval *i, json_int_t id, bool *first)
{
	const struct thread *waker = model_who(m, i->waker, i->start_ns);
	int err;

	if (!waker || !waker->target)
		return 0;
	err = put(f,
		  json_pack("{s:s,s:s,s:s,s:I,s:I,s:I,s:f}", "ph", "s", "name", "wake-up", "cat",
			    "wake", "id", id, "pid", process_of(waker), "tid",
			    (json_int_t)waker->tid, "ts", us(m, i->start_ns)),
		  first);
	if (err)
		return err;
	return put(f,
		   json_pack("{s:s,s:s,s:s,s:s,s:I,s:I,s:I,s:f}", "ph", "f", "bp", "e", "name",
			     "wake-up", "cat", "wake", "id", id, "pid", process_of(t), "tid",
			     (json_int_t)t->tid, "ts", us(m, i->start_ns)),
		   first);
}

/* A row of its own for each CPU that lost records, in a process that is none. */
static int put_gaps(FILE *f, const struct model *m, bool *first)
{
	char text[VIEW_GAP], name[48];
	const struct gap *g;
	int err = 0;

	for (g = m->gaps; g < m->gaps + m->nr_gaps && !err; g++) {
		snprintf(name, sizeof(name), "CPU %" PRIu32 ": %" PRIu64 " records lost", g->cpu,
			 g->nr);
		view_gap(text, sizeof(text), m, g);
		err = put(f,
			  json_pack("{s:s,s:s,s:s,s:I,s:I,s:f,s:f,s:{s:s}}", "ph", "X", "name",
				    name, "cat", "lost", "pid", (json_int_t)0, "tid",
				    (json_int_t)g->cpu, "ts", us(m, g->start_ns), "dur",
				    (double)(g->end_ns - g->start_ns) / 1000, "args",
				    "what happened", text),
			  first);
	}
	return err;
}

/* Marks may overlap: asynchronous events, each with a number of its own. */
static int put_mark(FILE *f, const struct model *m, const struct mark *k, bool *first)
{
	const struct thread *t = &m->threads[k->thread];
	json_int_t id = k - m->marks;
	char name[128], value[24];
	int err;

	snprintf(name, sizeof(name), "%s", model_mark_name(m, k->name));
	view_clean(name, true);
	snprintf(value, sizeof(value), "%" PRIu64, k->value); /* more than a double holds */
	if (k->point || k->no_begin)
		return put(f,
			   json_pack("{s:s,s:s,s:s,s:s,s:I,s:I,s:f,s:{s:s,s:s}}", "ph", "i", "s",
				     "t", "name", name, "cat", "mark", "pid", process_of(t), "tid",
				     (json_int_t)t->tid, "ts", us(m, k->start_ns), "args", "kind",
				     k->point ? "point" : "end alone", "value", value),
			   first);
	err = put(f,
		  json_pack("{s:s,s:s,s:s,s:I,s:I,s:I,s:f,s:{s:I,s:b}}", "ph", "b", "name", name,
			    "cat", "mark", "id", id, "pid", process_of(t), "tid",
			    (json_int_t)t->tid, "ts", us(m, k->start_ns), "args", "off_cpu_ns",
			    (json_int_t)k->off_cpu_ns, "never_ended", k->no_end),
		  first);
	if (err)
		return err;
	return put(f,
		   json_pack("{s:s,s:s,s:s,s:I,s:I,s:I,s:f}", "ph", "e", "name", name, "cat",
			     "mark", "id", id, "pid", process_of(t), "tid", (json_int_t)t->tid,
			     "ts", us(m, k->end_ns)),
		   first);
}

static int put_marks(FILE *f, const struct model *m, bool *first)
{
	const struct mark *k;
	int err = 0;

	for (k = m->marks; k < m->marks + m->nr_marks && !err; k++)
		if (k->thread < m->nr_threads && m->threads[k->thread].target)
			err = put_mark(f, m, k, first);
	return err;
}

static int put_decisions(FILE *f, const struct model *m, bool *first)
{
	const struct decision *d;
	const struct thread *t;
	char words[MODEL_DECISION];
	int err = 0;

	for (d = m->decisions; d < m->decisions + m->nr_decisions && !err; d++) {
		t = &m->threads[d->thread];
		if (!t->target)
			continue;
		model_decision_words(m, d, words, sizeof(words));
		view_clean(words, true);
		err = put(f,
			  json_pack("{s:s,s:s,s:s,s:s,s:I,s:I,s:f}", "ph", "i", "s", "t", "name",
				    words, "cat", "decision", "pid", process_of(t), "tid",
				    (json_int_t)t->tid, "ts", us(m, d->time_ns)),
			  first);
	}
	return err;
}

int view_chrome(FILE *f, const struct model *m)
{
	const struct interval *i;
	const struct thread *t;
	json_int_t id = 0;
	bool first = true;
	int err = 0;

	errno = 0;
	fputs("{\"displayTimeUnit\":\"ns\",\"traceEvents\":[", f);
	for (t = m->threads; t < m->threads + m->nr_threads && !err; t++) {
		if (!t->target)
			continue;
		err = put_name(f, t, &first);
		for (i = t->intervals; i < t->intervals + t->nr_intervals && !err; i++) {
			if (i->state == STATE_UNKNOWN || i->state == STATE_DEAD)
				continue;
			err = put_interval(f, m, t, i, &first);
			if (!err && i->state == STATE_RUNNABLE && i->cause == CAUSE_WOKEN)
				err = put_flow(f, m, t, i, ++id, &first);
		}
	}
	if (!err)
		err = put_gaps(f, m, &first);
	if (!err)
		err = put_marks(f, m, &first);
	if (!err)
		err = put_decisions(f, m, &first);
	fputs("\n]}\n", f);
	if (err)
		return err;
	return ferror(f) ? (errno ? -errno : -EIO) : 0;
}
