// SPDX-License-Identifier: GPL-2.0
/* The interleaving: a column for each thread, a row for each operation, time downwards. */
#include <stdlib.h>
#include <string.h>

#include "explore/tell.h"

#define WIDTH	 36
#define MAX_ROWS 400

static void put_value(char *buf, size_t size, const struct shared_event *e)
{
	bool wrote = e->op == OP_WRITE || e->op == OP_ATOMIC_WRITE || e->op == OP_ATOMIC_UPDATE;
	long long value = (long long)(wrote ? e->value : e->before);

	if (e->size == 4)
		value = (int32_t)value;
	if (e->size == 2)
		value = (int16_t)value;
	if (e->size == 1)
		value = (int8_t)value;
	buf[0] = '\0';
	if (e->size > 8 || e->op >= OP_FREE)
		return;
	if (!(e->flags & (wrote ? EVENT_HAS_VALUE : EVENT_HAS_BEFORE)))
		return;
	if (value > 0xffffffffll || value < -0x80000000ll)
		snprintf(buf, size, " = 0x%llx", value);
	else
		snprintf(buf, size, " = %lld", value);
}

static void describe(char *buf, size_t size, const struct shared_event *e, const struct code *src)
{
	char name[96], value[64];
	int n = snprintf(buf, size, "%s", tell_op(e->op));

	put_value(value, sizeof(value), e);
	if ((e->op == OP_CREATE || e->op == OP_JOIN) && e->flags & EVENT_HAS_VALUE)
		n += snprintf(buf + n, size - (size_t)n, " T%llu", (unsigned long long)e->value);
	else if (e->addr && e->op != OP_KERNEL)
		n += snprintf(buf + n, size - (size_t)n, " %s%s",
			      code_name(src, e->addr, name, sizeof(name)), value);
	if (e->flags & EVENT_BLOCKED)
		snprintf(buf + n, size - (size_t)n, ": waits for ever");
	if (e->flags & EVENT_TIMED_OUT)
		snprintf(buf + n, size - (size_t)n, ": timed out");
	if (e->flags & EVENT_FAILED)
		snprintf(buf + n, size - (size_t)n, ": got nothing");
}

/* Columns only where they fit. */
static bool in_columns(const struct shared *s)
{
	return s->nr_threads <= 3;
}

static void put_row(FILE *f, const struct shared *s, const struct shared_event *e,
		    const struct code *src)
{
	const struct code_line *l = code_line(src, e->pc);
	char what[256], at[160];

	describe(what, sizeof(what), e, src);
	if (in_columns(s))
		fprintf(f, "  %*s%-*.*s", (int)(e->thread * WIDTH), "", WIDTH, 60, what);
	else
		fprintf(f, "  T%-3u %-*.*s", e->thread, WIDTH, 60, what);
	if (in_columns(s))
		fprintf(f, "%*s", (int)((s->nr_threads - 1 - e->thread) * WIDTH), "");
	fprintf(f, " %-16s %.60s\n", code_at(src, e->pc, at, sizeof(at)), code_text(src, l));
}

static void put_head(FILE *f, const struct shared *s, const struct code *src)
{
	char head[WIDTH + 1];
	uint32_t i;

	for (i = 0; i < s->nr_threads && i < 12; i++) {
		if (!i)
			snprintf(head, sizeof(head), "T0 main()");
		else
			snprintf(head, sizeof(head), "T%u %.28s()", i,
				 code_line(src, s->threads[i].start_pc + 1)->function);
		if (in_columns(s))
			fprintf(f, "%s%-*s", i ? "" : "  ", WIDTH, head);
		else
			fprintf(f, "  %s", head);
	}
	fputs(s->nr_threads > 12 ? " ...\n" : "\n", f);
}

/* Who waited when nobody could run any more: the ends of the columns. */
static void put_waits(FILE *f, const struct shared *s, const struct code *src)
{
	uint32_t i;

	for (i = 0; i < s->nr_waits; i++) {
		const struct shared_wait *w = &s->waits[i];
		struct shared_event e = { .pc = w->place.pc,
					  .addr = w->place.addr,
					  .thread = w->place.thread,
					  .op = (uint16_t)w->op,
					  .flags = EVENT_BLOCKED };

		put_row(f, s, &e, src);
	}
}

/* Of what lies on stacks: by 8 bytes, the one thread that touched them, or that several did. */
struct touched {
	uint64_t granule;
	int thread;
};

#define SEVERAL (-1)

static bool touches_memory(const struct shared_event *e)
{
	return e->op > OP_NONE && e->op < OP_FIRST_SYNC;
}

static struct touched *find(struct touched *table, size_t size, uint64_t granule)
{
	size_t i = (granule * 0x9e3779b97f4a7c15ull) >> 32 & (size - 1);

	while (table[i].granule && table[i].granule != granule)
		i = (i + 1) & (size - 1);
	return &table[i];
}

/* NULL without memory for it: then all is shown. */
static struct touched *who_touched(const struct shared *s, size_t *size)
{
	struct touched *table, *t;
	uint32_t i;

	for (*size = 64; *size < 2ull * s->nr_events; *size *= 2)
		;
	table = calloc(*size, sizeof(*table));
	for (i = 0; table && i < s->nr_events; i++) {
		if (!touches_memory(&s->events[i]))
			continue;
		t = find(table, *size, s->events[i].addr >> 3);
		if (!t->granule)
			*t = (struct touched){ s->events[i].addr >> 3, s->events[i].thread };
		else if (t->thread != s->events[i].thread)
			t->thread = SEVERAL;
	}
	return table;
}

/* A thread's own local variables: they decide nothing, and there are many. */
static bool is_private(const struct shared_event *e, struct touched *table, size_t size,
		       const struct code *src)
{
	char name[96];

	if (!table || !touches_memory(e) || find(table, size, e->addr >> 3)->thread == SEVERAL)
		return false;
	return strstr(code_name(src, e->addr, name, sizeof(name)), "'s stack") != NULL;
}

static void put_events(FILE *f, const struct shared *s, const struct code *src, uint32_t first)
{
	size_t size;
	struct touched *table = who_touched(s, &size);
	uint32_t i, last = first;

	for (i = first; i < s->nr_events; i++) {
		if (is_private(&s->events[i], table, size, src))
			continue;
		if (i > first && s->events[i].thread != s->events[last].thread)
			fputs(in_columns(s) ? "" : "  --\n", f);
		put_row(f, s, &s->events[i], src);
		last = i;
	}
	free(table);
}

void tell_columns(FILE *f, const struct shared *s, const struct code *src)
{
	uint32_t i, skip = s->nr_events > MAX_ROWS ? s->nr_events - MAX_ROWS : 0;

	for (i = skip; i < s->nr_events; i++)
		code_want((struct code *)(uintptr_t)src, s->events[i].pc);
	for (i = 0; i < s->nr_threads; i++)
		if (s->threads[i].start_pc)
			code_want((struct code *)(uintptr_t)src, s->threads[i].start_pc + 1);
	put_head(f, s, src);
	if (skip)
		fprintf(f, "  ... %u operations before\n", skip);
	put_events(f, s, src, skip);
	put_waits(f, s, src);
}
