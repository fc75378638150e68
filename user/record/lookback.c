// SPDX-License-Identifier: GPL-2.0
/* A recording that is kept in memory: see lookback.h. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "record/lookback.h"
#include "record/meta.h"
#include "record/symbols.h"
#include "record/tasks.h"

static bool is_chosen(const struct lookback *b, pid_t tgid)
{
	const struct session_options *o = b->parts.meta->options;
	size_t i;

	for (i = 0; i < o->nr_pids; i++)
		if (o->pids[i] == tgid)
			return true;
	return b->parts.meta->target && tgid == b->parts.meta->target;
}

/* Whoever has a parent in it is in it, too; a process may be listed before its parent. */
static void hand_down(struct now *n)
{
	bool again = true;
	size_t i;

	while (again) {
		again = false;
		for (i = 0; i < n->size; i++) {
			struct now_thread *t = n->table[i], *parent;

			if (!t || t->target)
				continue;
			parent = now_find(n, t->tgid != t->tid ? t->tgid : t->parent);
			t->target = parent && parent->target;
			again |= t->target;
		}
	}
}

static int list_tasks(struct lookback *b)
{
	struct now *n = &b->history.before;
	struct task *tasks;
	size_t nr, i;
	int err = tasks_scan(&tasks, &nr, true);

	if (err)
		return err;
	for (i = 0; i < nr; i++)
		now_add(n, (uint32_t)tasks[i].tid, (uint32_t)tasks[i].tgid, (uint32_t)tasks[i].ppid,
			tasks[i].comm, is_chosen(b, tasks[i].tgid));
	hand_down(n);
	free(tasks);
	return n->err;
}

int lookback_begin(struct lookback *b, const struct session_parts *parts, uint64_t span_ns,
		   size_t most_bytes)
{
	unsigned int nr_cpus = parts->source->rings.nr_cpus;
	int err;

	b->parts = *parts;
	b->drained_ns = parts->meta->start_ns;
	b->cpus = calloc(nr_cpus, sizeof(*b->cpus));
	err = history_begin(&b->history, nr_cpus, parts->meta->start_ns, span_ns, most_bytes);
	if (!b->cpus)
		err = -ENOMEM;
	return err ? err : list_tasks(b);
}

void lookback_end(struct lookback *b)
{
	unsigned int cpu;

	for (cpu = 0; b->cpus && cpu < b->history.before.nr_cpus; cpu++)
		free(b->cpus[cpu].waiting);
	free(b->cpus);
	b->cpus = NULL;
	history_end(&b->history);
}

void lookback_put(struct lookback *b, enum trace_source source, unsigned int cpu,
		  const struct oncpu_record *r, uint32_t n)
{
	struct lookback_cpu *c = &b->cpus[cpu];
	struct oncpu_record *bigger;

	if (b->parts.symbols)
		symbols_see(b->parts.symbols, source, cpu, r, n);
	if (c->n + n > c->room) {
		bigger = reallocarray(c->waiting, 2 * (c->n + n), sizeof(*bigger));
		if (!bigger) {
			b->err = -ENOMEM;
			return;
		}
		c->waiting = bigger;
		c->room = 2 * (c->n + n);
	}
	memcpy(c->waiting + c->n, r, n * sizeof(*r));
	c->n += n;
	c->more = n == RINGS_BATCH;
}

/* Until then no CPU has anything more to tell. */
static uint64_t settled(const struct lookback *b, uint64_t until_ns)
{
	unsigned int cpu;

	for (cpu = 0; cpu < b->history.before.nr_cpus; cpu++) {
		const struct lookback_cpu *c = &b->cpus[cpu];

		if (c->more && c->n && c->waiting[c->n - 1].time_ns < until_ns)
			until_ns = c->waiting[c->n - 1].time_ns;
	}
	return until_ns;
}

/* Whose next record is the oldest; -1: nobody has any until then. */
static int oldest(const struct lookback *b, const size_t *next, uint64_t until_ns)
{
	unsigned int cpu;
	int found = -1;

	for (cpu = 0; cpu < b->history.before.nr_cpus; cpu++) {
		const struct lookback_cpu *c = &b->cpus[cpu];

		if (next[cpu] < c->n && c->waiting[next[cpu]].time_ns <= until_ns) {
			until_ns = c->waiting[next[cpu]].time_ns;
			found = (int)cpu;
		}
	}
	return found;
}

static void merge(struct lookback *b, size_t *next, uint64_t until_ns)
{
	int cpu;

	while ((cpu = oldest(b, next, until_ns)) >= 0) {
		const struct oncpu_record *r = &b->cpus[cpu].waiting[next[cpu]++];

		history_add(&b->history, (unsigned int)cpu, r);
		b->see(b->arg, (unsigned int)cpu, r);
	}
}

static uint64_t lost(const struct source *s)
{
	uint64_t nr = s->missed;
	unsigned int cpu;

	for (cpu = 0; cpu < s->rings.nr_cpus; cpu++)
		nr += rings_dropped(&s->rings, cpu);
	return nr;
}

void lookback_drained(struct lookback *b, uint64_t until_ns)
{
	unsigned int cpu, nr_cpus = b->history.before.nr_cpus;
	size_t *next = calloc(nr_cpus + 1ul, sizeof(*next));

	if (!next) {
		b->err = -ENOMEM;
		return;
	}
	until_ns = settled(b, until_ns);
	merge(b, next, until_ns);
	for (cpu = 0; cpu < nr_cpus; cpu++) {
		struct lookback_cpu *c = &b->cpus[cpu];

		if (next[cpu])
			memmove(c->waiting, c->waiting + next[cpu],
				(c->n - next[cpu]) * sizeof(*c->waiting));
		c->n -= next[cpu];
		c->more = false;
	}
	free(next);
	if (until_ns > b->drained_ns)
		b->drained_ns = until_ns;
	b->nr_lost = lost(b->parts.source);
	history_trim(&b->history, b->drained_ns);
	if (b->parts.symbols)
		symbols_bound(b->parts.symbols);
}

/* The kept records, CPU by CPU: a chunk is of one CPU. */
static struct oncpu_record *by_cpu(const struct history *h, struct meta_count *counts)
{
	size_t n = history_count(h), i, *at = calloc(h->before.nr_cpus + 1ul, sizeof(*at));
	struct oncpu_record *sorted = malloc((n + 1) * sizeof(*sorted));
	unsigned int cpu;

	if (!at || !sorted)
		goto failed;
	for (i = 0; i < n; i++) {
		const struct oncpu_record *r = history_record(h, i);

		counts[r->lap].records++;
		counts[r->lap].lost += r->type == ONCPU_LOST ? r->lost.nr : 0;
	}
	for (cpu = 1; cpu < h->before.nr_cpus; cpu++)
		at[cpu] = at[cpu - 1] + counts[cpu - 1].records;
	for (i = 0; i < n; i++) {
		const struct oncpu_record *r = history_record(h, i);
		struct oncpu_record *to = &sorted[at[r->lap]++];

		*to = *r;
		to->lap = 0;
	}
	free(at);
	return sorted;
failed:
	free(at);
	free(sorted);
	return NULL;
}

static int write_records(struct trace_writer *w, const struct lookback *b,
			 struct meta_count *counts)
{
	struct oncpu_record *sorted = by_cpu(&b->history, counts), *next = sorted;
	unsigned int cpu;
	int err = sorted ? 0 : -ENOMEM;

	for (cpu = 0; !err && cpu < b->history.before.nr_cpus; cpu++) {
		if (counts[cpu].records)
			err = trace_writer_records(w, b->parts.source->ops->id, cpu, next,
						   (uint32_t)counts[cpu].records);
		next += counts[cpu].records;
	}
	free(sorted);
	return err;
}

/* Who waits since before has its name from here: its record is no longer kept. */
static void see_waiting(const struct lookback *b)
{
	const struct now *n = &b->history.before;
	size_t i;

	for (i = 0; i < n->size; i++) {
		struct oncpu_record r = { .type = ONCPU_FUTEX_WAIT,
					  .time_ns = b->history.start_ns };

		if (!n->table[i] || n->table[i]->now.cause != CAUSE_FUTEX)
			continue;
		r.tid = n->table[i]->tid;
		r.futex_wait.address = n->table[i]->now.address;
		symbols_see(b->parts.symbols, b->parts.source->ops->id, 0, &r, 1);
	}
}

/* A trace without words for its addresses is one all the same. */
static int write_symbols(struct trace_writer *w, const struct lookback *b)
{
	char *json = NULL;
	int err = 0;

	if (!b->parts.symbols)
		return 0;
	see_waiting(b);
	if (!symbols_finish(b->parts.symbols, b->history.start_ns, &json))
		err = trace_writer_symbols(w, json);
	free(json);
	return err;
}

static int open_trace(struct trace_writer **w, const struct lookback *b, const char *path)
{
	struct meta meta = *b->parts.meta;
	char *json = NULL;
	int err;

	meta.start_ns = b->history.start_ns;
	meta.before = &b->history.before;
	err = meta_start(&json, &meta);
	if (!err)
		err = trace_writer_open(w, path, json);
	free(json);
	return err;
}

int lookback_save(struct lookback *b, const char *path)
{
	struct meta_count *counts = calloc(b->history.before.nr_cpus + 1ul, sizeof(*counts));
	struct trace_writer *w = NULL;
	char *end = NULL;
	int err = counts ? open_trace(&w, b, path) : -ENOMEM;

	if (!err)
		err = write_records(w, b, counts);
	if (!err)
		err = write_symbols(w, b);
	if (!err)
		err = meta_end_window(&end, b->parts.source, b->history.end_ns, counts);
	if (!err)
		err = trace_writer_finish(w, end);
	trace_writer_close(w);
	free(counts);
	free(end);
	return err;
}
