// SPDX-License-Identifier: GPL-2.0
/* Evidence: what a run printed, made and did; and what rules of a check's own are made of. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "grade/evidence.h"
#include "grade/harness.h"
#include "lib/text.h"

struct verdict at(struct verdict v, const struct run *r, uint64_t from_ns, uint64_t to_ns,
		  uint32_t tid)
{
	uint64_t start = r->model->span_start_ns;

	v.from_ns = from_ns > start ? from_ns - start : 0;
	v.to_ns = to_ns > start ? to_ns - start : 0;
	v.tid = tid;
	return v;
}

struct verdict certain(struct verdict v)
{
	v.certain = true;
	return v;
}

static struct verdict of(const struct run *r, bool so)
{
	struct verdict v = { .kind = so ? VERDICT_PASS : VERDICT_FAIL };

	snprintf(v.run, sizeof(v.run), "%s", r->name);
	return v;
}

struct verdict seen(const struct run *r, bool so, const char *format, ...)
{
	struct verdict v = of(r, so);
	va_list args;

	va_start(args, format);
	vsnprintf(v.saw, sizeof(v.saw), format, args);
	va_end(args);
	return v;
}

/* The line of the output that begins so; NULL: none does. */
static const char *line_of(const struct run *r, const char *begin, bool whole)
{
	const char *line = r->output;
	size_t n = strlen(begin);

	while (line && *line) {
		if (!strncmp(line, begin, n) && (!whole || line[n] == '\n' || !line[n]))
			return line;
		line = strchr(line, '\n');
		line += line != NULL;
	}
	return NULL;
}

struct verdict printed(const struct run *r, const char *format, ...)
{
	char wanted[256], key[256], found[256] = "nothing of the kind";
	const char *line;
	va_list args;

	va_start(args, format);
	vsnprintf(wanted, sizeof(wanted), format, args);
	va_end(args);
	snprintf(key, sizeof(key), "%.*s ", (int)strcspn(wanted, " "), wanted);
	line = line_of(r, key, false);
	if (line)
		snprintf(found, sizeof(found), "\"%.*s\"", (int)strcspn(line, "\n"), line);
	text_clean(found);
	return seen(r, line_of(r, wanted, true), "`%s` was to print \"%s\", and printed %s.",
		    r->arguments, wanted, found);
}

uint64_t number_of(const struct run *r, const char *key)
{
	char begin[128], *end;
	const char *line;
	uint64_t value;

	snprintf(begin, sizeof(begin), "%s ", key);
	line = line_of(r, begin, false);
	if (!line)
		return UINT64_MAX;
	line += strlen(begin);
	value = strtoull(line, &end, 10);
	return end == line ? UINT64_MAX : value;
}

const char *name_of(const struct run *r, uint32_t tid)
{
	const struct thread *t = model_thread(r->model, tid);

	return t ? t->comm : "?";
}

static bool is_worker(const struct thread *t)
{
	return t->target && t->tid != t->tgid;
}

struct verdict threads_made(const struct run *r, unsigned int min, unsigned int max)
{
	const struct thread *t;
	unsigned int n = 0;

	for (t = r->model->threads; t < r->model->threads + r->model->nr_threads; t++)
		n += is_worker(t);
	if (min == max)
		return seen(r, n == min, "`%s` created %u thread%s; %u were to be.", r->arguments,
			    n, n == 1 ? "" : "s", min);
	return seen(r, n >= min && n <= max, "`%s` created %u thread%s; %u to %u were to be.",
		    r->arguments, n, n == 1 ? "" : "s", min, max);
}

static uint64_t point_of(const struct run *r, const char *point)
{
	const struct mark *const *marks;
	size_t n;

	marks = marks_of(r, point, &n);
	return n ? marks[0]->start_ns : UINT64_MAX;
}

/*
 * Alive at that time, and not only on its way out: who joins a thread goes on a moment before the
 * kernel is done with it, and on a busy machine that moment is long. But who ends does not sleep.
 */
static bool lives_past(const struct thread *t, uint64_t then)
{
	const struct interval *i;

	if (t->start_ns > then || t->end_ns <= then)
		return false;
	for (i = t->intervals; i < t->intervals + t->nr_intervals; i++)
		if (i->state == STATE_SLEEPING && i->end_ns > then)
			return true;
	return false;
}

struct verdict ended_before(const struct run *r, const char *point)
{
	uint64_t then = point_of(r, point);
	const struct thread *t, *late = NULL;
	char by[TEXT_DURATION];
	unsigned int n = 0;

	for (t = r->model->threads; t < r->model->threads + r->model->nr_threads; t++) {
		if (!is_worker(t) || !lives_past(t, then))
			continue;
		late = !late || t->end_ns > late->end_ns ? t : late;
		n++;
	}
	if (!late)
		return of(r, true);
	text_duration(late->end_ns - then, by, sizeof(by));
	return at(seen(r, false,
		       "When main came to \"%s\", %u of its threads had not ended. %s/%u went on "
		       "for %s.",
		       point, n, late->comm, late->tid, by),
		  r, then, late->end_ns, late->tid);
}

struct verdict share_of_work(const struct run *r, const char *mark, unsigned int percent)
{
	const struct mark *const *marks;
	const struct thread *most = NULL;
	size_t n, i, *of_thread;
	struct verdict v;

	marks = marks_of(r, mark, &n);
	of_thread = calloc(r->model->nr_threads + 1, sizeof(*of_thread));
	if (!of_thread || !n) {
		free(of_thread);
		return seen(r, false, "Nothing was marked \"%s\": none of that work was done.",
			    mark);
	}
	for (i = 0; i < n; i++) {
		of_thread[marks[i]->thread]++;
		if (marks[i]->thread == r->model->nr_threads)
			continue;
		if (!most || of_thread[marks[i]->thread] > of_thread[most - r->model->threads])
			most = &r->model->threads[marks[i]->thread];
	}
	i = most ? of_thread[most - r->model->threads] : 0;
	free(of_thread);
	v = seen(r, i * 100 <= n * percent,
		 "%s/%u did %zu of the %zu times \"%s\": %zu %%. No thread was to do more than %u "
		 "%%.",
		 most ? most->comm : "?", most ? most->tid : 0, i, n, mark, i * 100 / n, percent);
	return most ? at(v, r, most->start_ns, most->end_ns, most->tid) : v;
}

const struct mark *const *marks_of(const struct run *r, const char *mark, size_t *n)
{
	const struct model *m = r->model;
	const struct mark **list = calloc(m->nr_marks + 1, sizeof(struct mark *));
	size_t i;

	*n = 0;
	if (!list) {
		puts("# no memory");
		exit(CHECK_FAILED);
	}
	for (i = 0; i < m->nr_marks; i++)
		if (!strcmp(model_mark_name(m, m->marks[i].name), mark))
			list[(*n)++] = &m->marks[i];
	return list;
}
