// SPDX-License-Identifier: GPL-2.0
/*
 * The span of the command: a recording begins before the command does and ends after it. Sums are
 * made over the span and not while the records come, as its end is known only at the end.
 */
#include <string.h>

#include "model/build.h"

/* A target thread is seen on a CPU. */
void span_seen(struct build *b, uint64_t time_ns)
{
	if (!b->begun)
		b->m->span_start_ns = time_ns;
	b->begun = true;
}

/* The target begins its program. What was counted until now was not the command's doing. */
void span_exec(struct build *b, uint64_t time_ns)
{
	struct thread *t;
	size_t i;

	if (b->executed)
		return;
	b->begun = b->executed = true;
	b->m->span_start_ns = time_ns;
	for (i = 0; i < b->nr_lives; i++) {
		t = &b->lives[i]->thread;
		t->nr_voluntary = t->nr_involuntary = t->nr_migrations = t->nr_wakeups = 0;
		t->latency_max_ns = 0;
		memset(t->counted, 0, sizeof(t->counted));
	}
}

uint64_t model_in_span(const struct model *m, uint64_t start_ns, uint64_t end_ns)
{
	uint64_t from = start_ns > m->span_start_ns ? start_ns : m->span_start_ns;
	uint64_t to = end_ns < m->span_end_ns ? end_ns : m->span_end_ns;

	return to > from ? to - from : 0;
}

/* All of the recording where no target thread was seen. */
static void measure(const struct build *b)
{
	struct model *m = b->m;
	const struct thread *t;

	if (!b->begun) {
		m->span_start_ns = m->start_ns;
		m->span_end_ns = m->end_ns;
		return;
	}
	m->span_end_ns = m->span_start_ns;
	for (t = m->threads; t < m->threads + m->nr_threads; t++)
		if (t->target && t->end_ns > m->span_end_ns)
			m->span_end_ns = t->end_ns;
}

static void sum_thread(const struct model *m, struct thread *t)
{
	const struct interval *i;

	for (i = t->intervals; i < t->intervals + t->nr_intervals; i++)
		t->total_ns[i->state] += model_in_span(m, i->start_ns, i->end_ns);
}

static void sum_cpu(const struct model *m, struct cpu *c)
{
	const struct cpu_interval *i;
	uint64_t ns;

	for (i = c->intervals; i < c->intervals + c->nr_intervals; i++) {
		ns = model_in_span(m, i->start_ns, i->end_ns);
		if (!i->tid)
			c->idle_ns += ns;
		else
			c->busy_ns += ns;
		if (i->target)
			c->target_ns += ns;
	}
}

/* Of whom it turned out only later that they are the target's. */
static void adopt(struct model *m)
{
	struct cpu_interval *i;
	const struct thread *t;
	struct cpu *c;

	for (c = m->cpus; c < m->cpus + m->nr_cpus; c++)
		for (i = c->intervals; i < c->intervals + c->nr_intervals; i++) {
			t = i->tid ? model_thread_at(m, i->tid, i->start_ns) : NULL;
			i->target |= t && t->target;
		}
}

void span_finish(struct build *b)
{
	struct model *m = b->m;
	size_t i;

	if (b->adopted)
		adopt(m);
	measure(b);
	for (i = 0; i < m->nr_threads; i++)
		sum_thread(m, &m->threads[i]);
	for (i = 0; i < m->nr_cpus; i++)
		sum_cpu(m, &m->cpus[i]);
}
