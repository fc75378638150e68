// SPDX-License-Identifier: GPL-2.0
/* The frame of the model: start, every record in order of time, finish. */
#include <errno.h>
#include <stdlib.h>

#include "model/build.h"

static enum trace_source first_source(const struct trace *t)
{
	size_t i;

	for (i = 0; i < t->nr_streams; i++)
		if (t->streams[i].n > 0)
			return t->streams[i].source;
	return 0;
}

/* The recording, or longer where records lie outside of it: facts tile all of it. */
static void measure(struct model *m, const struct trace *t)
{
	const struct trace_stream *s;
	size_t i;

	m->nr_cpus = t->nr_cpus;
	m->start_ns = t->start_ns;
	m->end_ns = t->end_ns;
	for (i = 0; i < t->nr_streams; i++) {
		s = &t->streams[i];
		if (s->source != m->source)
			continue;
		m->nr_lost += s->lost;
		m->nr_untimed += s->untimed;
		m->nr_records += s->n;
		if (s->cpu >= m->nr_cpus)
			m->nr_cpus = s->cpu + 1;
		if (!s->n)
			continue;
		if (!m->start_ns || s->records[0].time_ns < m->start_ns)
			m->start_ns = s->records[0].time_ns;
		if (s->records[s->n - 1].time_ns > m->end_ns)
			m->end_ns = s->records[s->n - 1].time_ns;
	}
	if (m->end_ns < m->start_ns)
		m->end_ns = m->start_ns;
	m->nr_lost += t->missed[m->source];
	m->nr_untimed += t->missed[m->source];
	m->finished = t->complete;
	m->complete = m->finished && !m->nr_lost;
}

static void count_lost(struct model *m, const struct trace *t)
{
	const struct trace_stream *s;

	for (s = t->streams; s < t->streams + t->nr_streams; s++)
		if (s->source == m->source)
			m->cpus[s->cpu].nr_lost += s->lost;
}

static int build(struct build *b)
{
	int err = gaps_find(b);

	if (!err)
		err = locks_spots(b);
	if (err)
		return err;
	err = model_start_list(b);
	if (err)
		return err;
	err = model_merge(b, model_take);
	if (err)
		return err;
	places_finish(b);
	lives_finish(b);
	wakes_finish(b);
	if (b->err)
		return b->err;
	counters_finish(b);
	span_finish(b);
	gaps_sum(b);
	err = model_parallel(b);
	if (err)
		return err;
	model_instead(b);
	err = model_marks(b);
	if (!err)
		err = model_decisions(b);
	if (!err)
		err = locks_finish(b);
	return err ? err : handoffs_finish(b);
}

static void clean_up(struct build *b)
{
	size_t i;

	for (i = 0; i < b->nr_lives; i++) {
		free(b->lives[i]->thread.intervals);
		free(b->lives[i]);
	}
	free(b->lives);
	free(b->table);
	free(b->places);
	free(b->wakes);
	free(b->shadows);
	free(b->gap_ends);
	free(b->lock_table);
	model_free(b->m);
}

int model_build(struct model **out, const struct trace *t, enum trace_source source)
{
	struct build b = { .t = t };
	int err = -ENOMEM;

	*out = NULL;
	b.m = calloc(1, sizeof(*b.m));
	if (!b.m)
		goto out;
	b.m->source = source ? source : first_source(t);
	measure(b.m, t);
	if (!b.m->nr_records) {
		err = -ENODATA;
		goto out;
	}
	b.m->cpus = calloc(b.m->nr_cpus, sizeof(*b.m->cpus));
	b.places = calloc(b.m->nr_cpus, sizeof(*b.places));
	if (!b.m->cpus || !b.places)
		goto out;
	count_lost(b.m, t);
	err = build(&b);
	if (err)
		goto out;
	*out = b.m;
	b.m = NULL;
out:
	clean_up(&b);
	return err;
}

void model_free(struct model *m)
{
	size_t i;

	if (!m)
		return;
	for (i = 0; i < m->nr_threads; i++)
		free(m->threads[i].intervals);
	for (i = 0; m->cpus && i < m->nr_cpus; i++)
		free(m->cpus[i].intervals);
	free(m->threads);
	free(m->marks);
	free(m->decisions);
	free(m->locks);
	free(m->spots);
	free(m->cpus);
	free(m->empty_wakes);
	free(m->gaps);
	free(m);
}
