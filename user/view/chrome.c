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
	fputs("\n]}\n", f);
	if (err)
		return err;
	return ferror(f) ? (errno ? -errno : -EIO) : 0;
}
