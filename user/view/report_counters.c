// SPDX-License-Identifier: GPL-2.0
/* What was counted while the threads were on a CPU: PER_TABLE counters side by side. */
#include <string.h>

#include "lib/text.h"
#include "view/report_part.h"
#include "view/text.h"

#define PER_TABLE  3
#define MOST_ROWS  16
#define NAME_WIDTH 22
#define WIDTH	   18

/* perf counts time in these two. */
static bool is_time(const char *counter)
{
	return !strcmp(counter, "task-clock") || !strcmp(counter, "cpu-clock");
}

static void value(struct report *r, size_t counter, uint64_t n)
{
	char text[TEXT_DURATION];

	text_duration(n, text, sizeof(text));
	if (is_time(r->m->counters[counter]))
		fprintf(r->l.out, "%*s", WIDTH, n ? text : "-");
	else
		fprintf(r->l.out, "%*llu", WIDTH, (unsigned long long)n);
}

static void head(struct report *r, size_t from, size_t to)
{
	char text[128] = "", name[WIDTH];
	size_t n = (size_t)snprintf(text, sizeof(text), "%-*s", NAME_WIDTH, "Counted"), i;

	for (i = from; i < to; i++) {
		snprintf(name, sizeof(name), "%s", r->m->counters[i]);
		view_clean(name, false);
		n += (size_t)snprintf(text + n, sizeof(text) - n, "%*s", WIDTH, name);
	}
	lines_heading(&r->l, text);
}

static void table(struct report *r, size_t from, size_t to)
{
	char name[ONCPU_COMM_LEN + 16];
	const struct thread *t;
	size_t i, shown = 0, more = 0;

	head(r, from, to);
	for (t = r->m->threads; t < r->m->threads + r->m->nr_threads; t++) {
		if (!t->target)
			continue;
		if (shown == MOST_ROWS) {
			more++;
			continue;
		}
		shown++;
		snprintf(name, sizeof(name), "%s/%u", t->comm[0] ? t->comm : "tid", t->tid);
		view_clean(name, true);
		lines_pad(&r->l, name, NAME_WIDTH);
		for (i = from; i < to; i++)
			value(r, i, t->counted[i]);
		fputc('\n', r->l.out);
	}
	if (more)
		fprintf(r->l.out, "and %zu more\n", more);
}

void report_counters(struct report *r)
{
	size_t n = r->m->nr_counters, from;

	for (from = 0; from < n; from += PER_TABLE)
		table(r, from, n < from + PER_TABLE ? n : from + PER_TABLE);
}
