// SPDX-License-Identifier: GPL-2.0
/* What a show says, expects, and has looked at. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "demo/show_part.h"

void say(const char *format, ...)
{
	struct seen *s = &showing.seen;
	va_list args;

	if (s->nr_sentences == SEEN_SENTENCES)
		give_up("show.c says more than %d sentences", SEEN_SENTENCES);
	va_start(args, format);
	vsnprintf(s->sentences[s->nr_sentences++], SEEN_TEXT, format, args);
	va_end(args);
}

void answer(unsigned int option)
{
	showing.seen.answer = option;
	showing.seen.answered = true;
}

void expect(const char *name, bool held, const char *format, ...)
{
	struct seen *s = &showing.seen;
	struct seen_expectation *e;
	va_list args;

	if (s->nr_expectations == SEEN_EXPECTATIONS)
		give_up("show.c expects more than %d things", SEEN_EXPECTATIONS);
	e = &s->expectations[s->nr_expectations++];
	*e = (struct seen_expectation){ .held = held };
	snprintf(e->name, sizeof(e->name), "%s", name);
	va_start(args, format);
	vsnprintf(e->saw, sizeof(e->saw), format, args);
	va_end(args);
}

/* From the start of the command, as all that is kept. */
static uint64_t since_start(const struct run *r, uint64_t at_ns)
{
	uint64_t start = r->model->span_start_ns;

	return at_ns > start ? at_ns - start : 0;
}

void look(const struct run *r, struct stretch s, const char *format, ...)
{
	struct seen_run *seen = show_seen(r);
	va_list args;

	seen->from_ns = since_start(r, s.from_ns);
	seen->to_ns = since_start(r, s.to_ns);
	showing.seen.first = (unsigned int)(seen - showing.seen.runs);
	va_start(args, format);
	vsnprintf(seen->caption, sizeof(seen->caption), format, args);
	va_end(args);
}

void row(const struct run *r, const char *name)
{
	struct seen_run *seen = show_seen(r);
	const struct thread *t;

	for (t = r->model->threads; t < r->model->threads + r->model->nr_threads; t++)
		if (t->target && !strcmp(t->comm, name) && seen->nr_threads < SEEN_THREADS)
			seen->threads[seen->nr_threads++] = t->tid;
}

void with_marks(const struct run *r)
{
	show_seen(r)->marks = true;
}

static void put_flag(const struct run *r, unsigned int option, uint64_t at_ns)
{
	struct seen_run *seen = show_seen(r);

	if (seen->nr_flags == SEEN_FLAGS)
		give_up("show.c lays more than %d claims over a run", SEEN_FLAGS);
	seen->flags[seen->nr_flags++] =
		(struct seen_flag){ .option = option, .at_ns = since_start(r, at_ns) };
}

void claim(const struct run *r, unsigned int option, uint64_t at_ns)
{
	put_flag(r, option, at_ns);
}

void happened(const struct run *r, uint64_t at_ns)
{
	put_flag(r, 0, at_ns);
}

static void put_share(const struct run *r, unsigned int option, double percent)
{
	struct seen_run *seen = show_seen(r);
	double length = (double)(seen->to_ns - seen->from_ns);

	if (!seen->to_ns)
		give_up("show.c claims shares of a run before look() says of which time");
	seen->pile = true;
	put_flag(r, option,
		 r->model->span_start_ns + seen->from_ns + (uint64_t)(length * percent / 100));
}

void claim_share(const struct run *r, unsigned int option, double percent)
{
	put_share(r, option, percent);
}

void happened_share(const struct run *r, double percent)
{
	put_share(r, 0, percent);
}
