// SPDX-License-Identifier: GPL-2.0
/* Packs a model's intervals for the page, column by column; the format stands in html.h. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "view/html_column.h"

struct pack {
	const struct model *m;
	const struct html_shapes *shapes;
	const struct html_lanes *lanes;
	struct html_column cpu_time, cpu_who, head, time, cpu, who, instead, owner;
	uint64_t **runs; /* per thread: when it came to a CPU and left it, in order of time */
	size_t *nr_runs;
};

/* One more than the index of a thread; 0: none. */
static uint64_t thread_ref(const struct model *m, uint32_t tid, uint64_t time_ns)
{
	const struct thread *t = model_who(m, tid, time_ns);

	return t ? (uint64_t)(t - m->threads) + 1 : 0;
}

/* Time before interval i of a CPU, or after the last one, that no record tells about. */
static uint64_t gap_before(const struct model *m, const struct cpu *c, size_t i)
{
	uint64_t from = i ? c->intervals[i - 1].end_ns : m->start_ns;
	uint64_t to = i < c->nr_intervals ? c->intervals[i].start_ns : m->end_ns;

	return to > from ? to - from : 0;
}

size_t html_cpu_pieces(const struct model *m, const struct cpu *c)
{
	size_t i, n = c->nr_intervals;

	for (i = 0; i <= c->nr_intervals; i++)
		n += gap_before(m, c, i) > 0;
	return n;
}

static void pack_cpu(struct pack *p, const struct cpu *c)
{
	size_t i;

	for (i = 0; i <= c->nr_intervals; i++) {
		uint64_t gap = gap_before(p->m, c, i);
		const struct cpu_interval *ci = &c->intervals[i];
		uint64_t ref;

		if (gap) {
			column_time(&p->cpu_time, gap);
			column_number(&p->cpu_who, p->m->nr_threads + 2);
		}
		if (i == c->nr_intervals)
			break;
		ref = thread_ref(p->m, ci->tid, ci->start_ns);
		column_time(&p->cpu_time, ci->end_ns - ci->start_ns);
		column_number(&p->cpu_who, ci->tid && !ref ? p->m->nr_threads + 1 : ref);
	}
}

static int by_time(const void *a, const void *b)
{
	const uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return x < y ? -1 : x > y;
}

/* Calls take(p, thread, interval) for each stretch that a thread of the model had a CPU. */
static void each_run(struct pack *p,
		     void (*take)(struct pack *p, size_t thread, const struct cpu_interval *ci))
{
	unsigned int cpu;
	uint64_t ref;
	size_t i;

	for (cpu = 0; cpu < p->m->nr_cpus; cpu++)
		for (i = 0; i < p->m->cpus[cpu].nr_intervals; i++) {
			const struct cpu_interval *ci = &p->m->cpus[cpu].intervals[i];

			ref = thread_ref(p->m, ci->tid, ci->start_ns);
			if (ref)
				take(p, ref - 1, ci);
		}
}

static void count_run(struct pack *p, size_t thread, const struct cpu_interval *ci)
{
	(void)ci;
	p->nr_runs[thread] += 2;
}

static void note_run(struct pack *p, size_t thread, const struct cpu_interval *ci)
{
	p->runs[thread][p->nr_runs[thread]++] = ci->start_ns;
	p->runs[thread][p->nr_runs[thread]++] = ci->end_ns;
}

static int list_runs(struct pack *p)
{
	size_t t;

	p->runs = calloc(p->m->nr_threads + 1, sizeof(uint64_t *));
	p->nr_runs = calloc(p->m->nr_threads + 1, sizeof(*p->nr_runs));
	if (!p->runs || !p->nr_runs)
		return -ENOMEM;
	each_run(p, count_run);
	for (t = 0; t < p->m->nr_threads; t++) {
		p->runs[t] = calloc(p->nr_runs[t] + 1, sizeof(uint64_t));
		if (!p->runs[t])
			return -ENOMEM;
		p->nr_runs[t] = 0;
	}
	each_run(p, note_run);
	for (t = 0; t < p->m->nr_threads; t++)
		qsort(p->runs[t], p->nr_runs[t], sizeof(uint64_t), by_time);
	return 0;
}

/* Most intervals end where the thread comes to a CPU or leaves it, which the CPUs' lanes tell. */
static bool is_told(const struct pack *p, size_t thread, size_t *run, const struct interval *i,
		    uint64_t end_ns)
{
	while (*run < p->nr_runs[thread] && p->runs[thread][*run] <= i->start_ns)
		++*run;
	return *run < p->nr_runs[thread] && p->runs[thread][*run] == end_ns;
}

static void pack_interval(struct pack *p, const struct interval *i, uint64_t end_ns, bool told,
			  bool step)
{
	const bool runnable = i->state == STATE_RUNNABLE, running = i->state == STATE_RUNNING;

	column_number(&p->head, (uint64_t)html_shape(p->shapes, i) << 4 | (uint64_t)step << 3 |
					(uint64_t)told << 2 | (uint64_t)i->waker_irq << 1 |
					i->open);
	if (!told)
		column_time(&p->time, end_ns - i->start_ns);
	if (running || runnable)
		column_number(&p->cpu, (uint64_t)(i->cpu + 1));
	if (!running)
		column_number(&p->who,
			      thread_ref(p->m, i->waker, runnable ? i->start_ns : i->end_ns));
	if (runnable)
		column_number(&p->instead, thread_ref(p->m, i->instead, i->start_ns));
	if (!running && !runnable)
		column_number(&p->owner, thread_ref(p->m, i->owner, i->start_ns));
}

static void pack_thread(struct pack *p, size_t thread)
{
	const struct thread *t = &p->m->threads[thread];
	size_t i, run = 0;

	for (i = 0; i < t->nr_intervals; i++) {
		const struct interval *now = &t->intervals[i];
		uint64_t end_ns = i + 1 < t->nr_intervals ? now[1].start_ns : now->end_ns;

		pack_interval(p, now, end_ns, is_told(p, thread, &run, now, end_ns),
			      html_on_path(p->lanes, thread, i));
	}
}

static void free_runs(struct pack *p)
{
	size_t t;

	for (t = 0; p->runs && t < p->m->nr_threads; t++)
		free(p->runs[t]);
	free(p->runs);
	free(p->nr_runs);
}

int html_pack(FILE *f, const struct model *m, const struct html_shapes *s,
	      const struct html_lanes *l)
{
	struct pack p = { .m = m, .shapes = s, .lanes = l };
	struct html_column *const columns[] = { &p.cpu_time, &p.cpu_who, &p.head,    &p.time,
						&p.cpu,	     &p.who,	 &p.instead, &p.owner };
	const size_t n = sizeof(columns) / sizeof(*columns);
	unsigned int cpu;
	size_t t;
	int err = list_runs(&p);

	if (!err) {
		for (cpu = 0; cpu < m->nr_cpus; cpu++)
			pack_cpu(&p, &m->cpus[cpu]);
		for (t = 0; t < m->nr_threads; t++)
			pack_thread(&p, t);
		err = columns_write(f, columns, n);
	}
	for (t = 0; t < n; t++)
		free(columns[t]->bytes);
	free_runs(&p);
	return err;
}
