// SPDX-License-Identifier: GPL-2.0
/* Two runs side by side; see diff.h. */
#include <errno.h>
#include <inttypes.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "lib/text.h"
#include "model/findings.h"
#include "model/totals.h"
#include "view/diff.h"
#include "view/lines.h"
#include "view/text.h"

#define WIDTH	   80
#define MOST_WAITS 12

enum unit { UNIT_NS, UNIT_TIMES, UNIT_THREADS };

static const char *const unit_names[] = { "ns", "times", "threads" };

static const struct row {
	const char *what;
	enum unit unit;
	size_t member;
} rows[] = {
	{ "the command took", UNIT_NS, offsetof(struct totals, took_ns) },
	{ "its threads", UNIT_THREADS, offsetof(struct totals, nr_threads) },
	{ "ran, in all", UNIT_NS, offsetof(struct totals, ran_ns) },
	{ "wanted a CPU", UNIT_NS, offsetof(struct totals, runnable_ns) },
	{ "waited or slept", UNIT_NS, offsetof(struct totals, slept_ns) },
	{ "two or more ran at once", UNIT_NS, offsetof(struct totals, together_ns) },
	{ "most at once", UNIT_THREADS, offsetof(struct totals, peak) },
	{ "left a CPU to wait", UNIT_TIMES, offsetof(struct totals, voluntary) },
	{ "were put off a CPU", UNIT_TIMES, offsetof(struct totals, involuntary) },
	{ "moved to another CPU", UNIT_TIMES, offsetof(struct totals, migrations) },
	{ "were woken", UNIT_TIMES, offsetof(struct totals, wakeups) },
	{ "worst wait from wake-up to run", UNIT_NS, offsetof(struct totals, latency_max_ns) },
};
#define NR_ROWS (sizeof(rows) / sizeof(*rows))

struct pair {
	const struct diff_side *a, *b;
	struct totals ta, tb;
	uint64_t found_a[NR_FINDINGS], found_b[NR_FINDINGS];
};

static uint64_t value_of(const struct totals *t, const struct row *row)
{
	return *(const uint64_t *)((const char *)t + row->member);
}

static int count_findings(const struct model *m, uint64_t found[NR_FINDINGS])
{
	struct finding *list;
	size_t n, i;
	int err = model_findings(&list, &n, m);

	if (err)
		return err;
	for (i = 0; i < n; i++)
		found[list[i].kind]++;
	free(list);
	return 0;
}

static int make_pair(struct pair *p, const struct diff_side *a, const struct diff_side *b)
{
	int err;

	*p = (struct pair){ .a = a, .b = b };
	err = totals_make(&p->ta, a->m);
	if (!err)
		err = totals_make(&p->tb, b->m);
	if (!err)
		err = count_findings(a->m, p->found_a);
	return err ? err : count_findings(b->m, p->found_b);
}

static void free_pair(struct pair *p)
{
	totals_free(&p->ta);
	totals_free(&p->tb);
}

static void value(char *buf, size_t size, uint64_t v, enum unit unit)
{
	if (unit == UNIT_NS && !v)
		snprintf(buf, size, "-");
	else if (unit == UNIT_NS)
		text_duration(v, buf, size);
	else
		snprintf(buf, size, "%" PRIu64, v);
}

/* "+12 %", "x 3.4", "new", "gone", or nothing where nothing changed. */
static void change(char *buf, size_t size, uint64_t a, uint64_t b)
{
	double ratio = a ? (double)b / (double)a : 0;

	buf[0] = '\0';
	if (a == b)
		return;
	if (!a)
		snprintf(buf, size, "new");
	else if (!b)
		snprintf(buf, size, "gone");
	else if (ratio >= 2 || ratio <= 0.5)
		snprintf(buf, size, "x %.2g", ratio);
	else
		snprintf(buf, size, "%+.0f %%", (ratio - 1) * 100);
}

static void line(FILE *f, const char *what, uint64_t a, uint64_t b, enum unit unit)
{
	char left[TEXT_DURATION], right[TEXT_DURATION], how[32];

	value(left, sizeof(left), a, unit);
	value(right, sizeof(right), b, unit);
	change(how, sizeof(how), a, b);
	fprintf(f, "%-42.42s%12s%12s%s%s\n", what, left, right, how[0] ? "    " : "", how);
}

static const struct total_wait *wait_called(const struct totals *t, const char *what)
{
	size_t i;

	for (i = 0; i < t->nr_waits; i++)
		if (!strcmp(t->waits[i].what, what))
			return &t->waits[i];
	return NULL;
}

/* Each thing that either run waited for, once: b's, and those of a that b has not. */
static void each_wait(const struct pair *p,
		      void (*take)(void *to, const char *what, const struct total_wait *a,
				   const struct total_wait *b),
		      void *to, size_t most)
{
	static const struct total_wait none;
	const struct total_wait *other;
	size_t i, n = 0;

	for (i = 0; i < p->tb.nr_waits && n < most; i++, n++) {
		other = wait_called(&p->ta, p->tb.waits[i].what);
		take(to, p->tb.waits[i].what, other ? other : &none, &p->tb.waits[i]);
	}
	for (i = 0; i < p->ta.nr_waits && n < most; i++)
		if (!wait_called(&p->tb, p->ta.waits[i].what)) {
			take(to, p->ta.waits[i].what, &p->ta.waits[i], &none);
			n++;
		}
}

static void wait_line(void *to, const char *what, const struct total_wait *a,
		      const struct total_wait *b)
{
	line(to, what, a->ns, b->ns, UNIT_NS);
}

static void print_findings(struct lines *l, const struct pair *p)
{
	bool any = false;
	int k;

	for (k = 0; k < NR_FINDINGS; k++)
		any |= p->found_a[k] || p->found_b[k];
	if (any)
		lines_heading(
			l, "What stood out                                     before       after");
	for (k = 0; k < NR_FINDINGS; k++)
		if (p->found_a[k] || p->found_b[k])
			line(l->out, finding_name(k), p->found_a[k], p->found_b[k], UNIT_TIMES);
}

static void warn(struct lines *l, const struct diff_side *side)
{
	char text[VIEW_WARNING + 256], warning[VIEW_WARNING];

	view_warning(warning, sizeof(warning), side->m);
	if (!warning[0])
		return;
	snprintf(text, sizeof(text), "%.200s: %s", side->name, warning);
	view_clean(text, true);
	fputc('\n', l->out);
	lines_wrap(l, text, 0, 2);
}

int diff_text(FILE *f, const struct diff_side *a, const struct diff_side *b, bool colour)
{
	struct lines l = { .out = f, .width = WIDTH, .colour = colour };
	struct pair p;
	size_t i;
	int err = make_pair(&p, a, b);

	if (err)
		goto out;
	fprintf(f, "%-42s%12s%12s\n", "", "before", "after");
	for (i = 0; i < NR_ROWS; i++)
		line(f, rows[i].what, value_of(&p.ta, &rows[i]), value_of(&p.tb, &rows[i]),
		     rows[i].unit);
	if (p.ta.nr_waits + p.tb.nr_waits)
		lines_heading(
			&l,
			"Waited for                                         before       after");
	each_wait(&p, wait_line, f, MOST_WAITS);
	print_findings(&l, &p);
	warn(&l, a);
	warn(&l, b);
out:
	free_pair(&p);
	return err;
}

#define NUMBER(value) ((json_int_t)(value))

static void wait_json(void *to, const char *what, const struct total_wait *a,
		      const struct total_wait *b)
{
	json_array_append_new(to, json_pack("{s:s,s:I,s:I,s:I,s:I}", "what", what, "a_ns",
					    NUMBER(a->ns), "b_ns", NUMBER(b->ns), "a_times",
					    NUMBER(a->nr), "b_times", NUMBER(b->nr)));
}

static json_t *rows_json(const struct pair *p)
{
	json_t *list = json_array();
	size_t i;

	for (i = 0; i < NR_ROWS; i++)
		json_array_append_new(list, json_pack("{s:s,s:s,s:I,s:I}", "what", rows[i].what,
						      "unit", unit_names[rows[i].unit], "a",
						      NUMBER(value_of(&p->ta, &rows[i])), "b",
						      NUMBER(value_of(&p->tb, &rows[i]))));
	return list;
}

static json_t *findings_json(const struct pair *p)
{
	json_t *list = json_array();
	int k;

	for (k = 0; k < NR_FINDINGS; k++)
		if (p->found_a[k] || p->found_b[k])
			json_array_append_new(
				list, json_pack("{s:s,s:I,s:I}", "kind", finding_name(k), "a",
						NUMBER(p->found_a[k]), "b", NUMBER(p->found_b[k])));
	return list;
}

int diff_json(FILE *f, const struct diff_side *a, const struct diff_side *b)
{
	json_t *waits = json_array(), *root;
	struct pair p;
	int err = make_pair(&p, a, b);

	if (err)
		goto out;
	each_wait(&p, wait_json, waits, SIZE_MAX);
	root = json_pack("{s:i,s:s,s:s,s:o,s:O,s:o}", "oncpu_diff", 1, "a", a->name, "b", b->name,
			 "rows", rows_json(&p), "waits", waits, "findings", findings_json(&p));
	err = root ? 0 : -ENOMEM;
	if (root) {
		json_dumpf(root, f, JSON_INDENT(1));
		fputc('\n', f);
	}
	json_decref(root);
out:
	json_decref(waits);
	free_pair(&p);
	return err;
}
