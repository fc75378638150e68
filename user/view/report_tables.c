// SPDX-License-Identifier: GPL-2.0
/* The tables of the report. */
#include <errno.h>
#include <stdlib.h>

#include "lib/text.h"
#include "view/report_part.h"
#include "view/text.h"

#define MOST_ROWS  16 /* of a table: what is beyond is summed */
#define NAME_WIDTH 22

static void duration(struct report *r, uint64_t ns, int width)
{
	char buf[TEXT_DURATION];

	text_duration(ns, buf, sizeof(buf));
	fprintf(r->l.out, "%*s", width, ns ? buf : "-");
}

static void name(struct report *r, const struct thread *t)
{
	char buf[ONCPU_COMM_LEN + 16];

	snprintf(buf, sizeof(buf), "%s/%u", t->comm[0] ? t->comm : "tid", t->tid);
	view_clean(buf, true);
	lines_pad(&r->l, buf, NAME_WIDTH);
}

static void thread_row_brief(struct report *r, const struct thread *t)
{
	name(r, t);
	duration(r, t->total_ns[STATE_RUNNING], 9);
	duration(r, t->total_ns[STATE_RUNNABLE], 24);
	duration(r, summary_slept_ns(t), 12);
	fputc('\n', r->l.out);
}

static void thread_row(struct report *r, const struct thread *t)
{
	name(r, t);
	duration(r, t->total_ns[STATE_RUNNING], 9);
	duration(r, t->total_ns[STATE_RUNNABLE], 10);
	duration(r, summary_slept_ns(t), 10);
	fprintf(r->l.out, "%7llu%7llu%5llu", (unsigned long long)t->nr_voluntary,
		(unsigned long long)t->nr_involuntary, (unsigned long long)t->nr_migrations);
	duration(r, t->latency_max_ns, 10);
	fputc('\n', r->l.out);
}

static int by_running(const void *a, const void *b)
{
	const struct thread *x = *(const struct thread *const *)a;
	const struct thread *y = *(const struct thread *const *)b;

	if (x->total_ns[STATE_RUNNING] != y->total_ns[STATE_RUNNING])
		return x->total_ns[STATE_RUNNING] > y->total_ns[STATE_RUNNING] ? -1 : 1;
	return (x > y) - (x < y); /* the model's order */
}

/* Where there are more than fit, those that ran longest. */
static int put_threads(struct report *r, const char *heading,
		       void (*row)(struct report *r, const struct thread *t))
{
	const struct thread **list = calloc(r->s->nr_threads + 1, sizeof(*list));
	size_t i, n = 0;
	uint64_t rest_ns = 0;
	char rest[TEXT_DURATION];

	if (!list)
		return -ENOMEM;
	for (i = 0; i < r->m->nr_threads; i++)
		if (r->m->threads[i].target)
			list[n++] = &r->m->threads[i];
	if (n > MOST_ROWS)
		qsort(list, n, sizeof(*list), by_running);
	lines_heading(&r->l, heading);
	for (i = 0; i < n && i < MOST_ROWS; i++)
		row(r, list[i]);
	for (; i < n; i++)
		rest_ns += list[i]->total_ns[STATE_RUNNING];
	text_duration(rest_ns, rest, sizeof(rest));
	if (n > MOST_ROWS)
		fprintf(r->l.out, "and %zu more, which ran %s in all\n", n - MOST_ROWS, rest);
	free(list);
	return 0;
}

int report_threads(struct report *r)
{
	return put_threads(
		r,
		"Thread                      ran wants CPU     slept leaves forced move   latency",
		thread_row);
}

int report_threads_brief(struct report *r)
{
	return put_threads(r, "Thread                      ran   could run, had no CPU       slept",
			   thread_row_brief);
}

static void share(struct report *r, uint64_t ns)
{
	uint64_t all_ns = r->m->span_end_ns - r->m->span_start_ns;

	duration(r, ns, 10);
	fprintf(r->l.out, " %3u %%",
		all_ns ? (unsigned int)((double)ns * 100 / (double)all_ns + 0.5) : 0);
}

void report_cpus(struct report *r)
{
	uint64_t all_ns = r->m->span_end_ns - r->m->span_start_ns;
	const struct cpu *c;
	unsigned int i;

	lines_heading(&r->l, "CPU    this command          others            idle         unknown");
	for (i = 0; i < r->m->nr_cpus && i < MOST_ROWS; i++) {
		c = &r->m->cpus[i];
		fprintf(r->l.out, "%3u", i);
		share(r, c->target_ns);
		share(r, c->busy_ns - c->target_ns);
		share(r, c->idle_ns);
		share(r, all_ns - c->busy_ns - c->idle_ns);
		fputc('\n', r->l.out);
	}
	if (r->m->nr_cpus > MOST_ROWS)
		fprintf(r->l.out, "and %u more\n", r->m->nr_cpus - MOST_ROWS);
}

void report_wakers(struct report *r)
{
	const struct summary_waker *w;
	const struct thread *t;

	if (!r->s->nr_wakers)
		return;
	lines_heading(&r->l, "Who woke them most often");
	for (w = r->s->wakers; w < r->s->wakers + r->s->nr_wakers; w++) {
		t = model_thread(r->m, w->tid);
		if (t)
			name(r, t);
		else
			fprintf(r->l.out, "%-*s", NAME_WIDTH, w->tid ? "?" : "interrupts");
		fprintf(r->l.out, "%7llu time%s\n", (unsigned long long)w->nr_wakeups,
			w->nr_wakeups == 1 ? "" : "s");
	}
}
