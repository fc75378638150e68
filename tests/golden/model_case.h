/* SPDX-License-Identifier: GPL-2.0 */
/* A case of the model's tests: a few records, the model built from them, and what always holds. */
#ifndef ONCPU_TESTS_MODEL_CASE_H
#define ONCPU_TESTS_MODEL_CASE_H

#include <kselftest_harness.h>

#include "builder.h"
#include "model/model.h"
#include "model/path.h"

#define HEAD                                                                    \
	"cpus 2\nend 10\nexit 0\ntask A 100 100 1 prog\nname B 101\ntarget A\n" \
	"task X 50 50 1 other\ntask Y 51 51 1 other\n"

FIXTURE(model)
{
	struct trace *trace;
	struct model *m;
};

FIXTURE_SETUP(model)
{
	self->trace = NULL;
	self->m = NULL;
}

FIXTURE_TEARDOWN(model)
{
	model_free(self->m);
	trace_free(self->trace);
}

static inline const char *broken_thread(const struct model *m, const struct thread *t)
{
	uint64_t at = t->start_ns, total[NR_STATES] = { 0 };
	size_t i;

	if (t->start_ns < m->start_ns || t->end_ns > m->end_ns || t->end_ns < t->start_ns)
		return "a life outside of the recording";
	for (i = 0; i < t->nr_intervals; i++) {
		if (t->intervals[i].start_ns != at)
			return "a gap or an overlap in a life";
		at = t->intervals[i].end_ns;
		if (at <= t->intervals[i].start_ns && t->intervals[i].state != STATE_DEAD)
			return "an empty interval";
		if (t->intervals[i].open && (i + 1 < t->nr_intervals || at < m->end_ns))
			return "open is not: the last";
		if (t->intervals[i].cpu >= (int)m->nr_cpus)
			return "a CPU that there is not";
		total[t->intervals[i].state] += model_in_span(m, t->intervals[i].start_ns, at);
	}
	if (at != t->end_ns)
		return "a life without an end";
	return memcmp(total, t->total_ns, sizeof(total)) ? "sums that are none" : NULL;
}

static inline const char *broken_cpu(const struct model *m, const struct cpu *c)
{
	uint64_t at = m->start_ns, busy = 0, idle = 0, target = 0, length;
	size_t i;

	for (i = 0; i < c->nr_intervals; i++) {
		if (c->intervals[i].start_ns < at ||
		    c->intervals[i].end_ns <= c->intervals[i].start_ns)
			return "an overlap on a CPU";
		at = c->intervals[i].end_ns;
		length = model_in_span(m, c->intervals[i].start_ns, at);
		if (c->intervals[i].tid)
			busy += length;
		else
			idle += length;
		if (c->intervals[i].target)
			target += length;
	}
	if (at > m->end_ns)
		return "a CPU busy after the end";
	if (busy != c->busy_ns || idle != c->idle_ns || target != c->target_ns)
		return "a CPU's sums that are none";
	return NULL;
}

/* The critical path lies end to end over the span, each step within its interval. */
static inline const char *broken_path(const struct model *m)
{
	const char *what = NULL;
	uint64_t at = m->span_start_ns, sums;
	const struct interval *of;
	struct path p;
	size_t i;

	if (model_path(&p, m))
		return "no memory for the path";
	for (i = 0; i < p.nr_steps && !what; i++) {
		if (p.steps[i].start_ns != at || p.steps[i].end_ns <= at)
			what = "a gap or an overlap in the path";
		at = p.steps[i].end_ns;
		if (p.steps[i].thread == m->nr_threads)
			continue;
		of = &m->threads[p.steps[i].thread].intervals[p.steps[i].interval];
		if (p.steps[i].start_ns < of->start_ns || at > of->end_ns)
			what = "a step outside of its interval";
	}
	if (p.nr_steps && at != m->span_end_ns)
		what = "a path that does not reach the end";
	sums = p.ran_ns + p.runnable_ns + p.waited_ns + p.unknown_ns;
	if (p.nr_steps && sums != m->span_end_ns - m->span_start_ns)
		what = "the path's sums are none";
	path_free(&p);
	return what;
}

/* What holds for any records. NULL, or what does not. */
static inline const char *broken(const struct model *m)
{
	const char *what = NULL;
	uint64_t parallel = 0, running = 0, on_cpu = 0;
	size_t i;

	for (i = 0; i < m->nr_threads && !what; i++) {
		what = broken_thread(m, &m->threads[i]);
		running += m->threads[i].total_ns[STATE_RUNNING];
		if (i && m->threads[i].tid < m->threads[i - 1].tid)
			what = "threads out of order";
	}
	for (i = 0; i < m->nr_cpus && !what; i++) {
		what = broken_cpu(m, &m->cpus[i]);
		on_cpu += m->cpus[i].busy_ns;
	}
	for (i = 0; i < 17; i++)
		parallel += m->parallel_ns[i];
	if (!what && parallel != m->span_end_ns - m->span_start_ns)
		what = "parallel_ns does not add up to the span";
	if (!what && (m->span_start_ns < m->start_ns || m->span_end_ns > m->end_ns ||
		      m->span_end_ns < m->span_start_ns))
		what = "a span outside of the recording";
	if (!what && running != on_cpu)
		what = "threads and CPUs disagree on who ran how long";
	return what ?: broken_path(m);
}

/* Builds self->m from HEAD and text and checks what always holds. */
#define BUILD(text)                                                                    \
	do {                                                                           \
		char why[256] = "";                                                    \
		const char *what;                                                      \
		ASSERT_EQ(0, builder_trace(&self->trace, HEAD text, why, sizeof(why))) \
		{                                                                      \
			TH_LOG("%s", why);                                             \
		}                                                                      \
		ASSERT_EQ(0, model_build(&self->m, self->trace, 0));                   \
		what = broken(self->m);                                                \
		ASSERT_EQ(NULL, what)                                                  \
		{                                                                      \
			TH_LOG("%s", what);                                            \
			facts_print(stderr, self->m);                                  \
		}                                                                      \
	} while (0)

/* The states of a thread's life and their lengths in us: "unknown 1000, running 500". */
static inline const char *life(const struct model *m, uint32_t tid)
{
	static char buf[1024];
	const struct thread *t = model_thread(m, tid);
	const struct interval *i;
	size_t n = 0, k;

	buf[0] = '\0';
	for (k = 0; t && k < t->nr_intervals && n < sizeof(buf); k++) {
		i = &t->intervals[k];
		n += (size_t)snprintf(buf + n, sizeof(buf) - n, "%s%s", k ? ", " : "",
				      model_state_name(i->state));
		if (i->cause && n < sizeof(buf))
			n += (size_t)snprintf(buf + n, sizeof(buf) - n, "/%s",
					      model_cause_name(i->cause));
		if (i->cpu >= 0 && n < sizeof(buf))
			n += (size_t)snprintf(buf + n, sizeof(buf) - n, "@%d", i->cpu);
		if (n < sizeof(buf))
			n += (size_t)snprintf(buf + n, sizeof(buf) - n, " %u",
					      (unsigned int)((i->end_ns - i->start_ns) / 1000));
	}
	return buf;
}

static inline const struct interval *interval_of(const struct model *m, uint32_t tid, size_t i)
{
	const struct thread *t = model_thread(m, tid);
	static const struct interval none = { .cpu = -1 };

	return t && i < t->nr_intervals ? &t->intervals[i] : &none;
}

#endif
