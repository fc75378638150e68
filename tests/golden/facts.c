// SPDX-License-Identifier: GPL-2.0
/* A model as text: times in ns since the start of the recording, one fact a line. */
#include <inttypes.h>

#include "builder.h"
#include "model/model.h"

static void print_interval(FILE *f, const struct model *m, const struct interval *i)
{
	fprintf(f, "  %10" PRIu64 " %10" PRIu64 " %s", i->start_ns - m->start_ns,
		i->end_ns - m->start_ns, model_state_name(i->state));
	if (i->cause)
		fprintf(f, " %s", model_cause_name(i->cause));
	if (i->cpu >= 0)
		fprintf(f, " cpu%d", i->cpu);
	if (i->address)
		fprintf(f, " 0x%" PRIx64, i->address);
	if (i->cause >= CAUSE_FIRST_IN_CALL && i->call != NO_CALL)
		fprintf(f, " call=%d", i->call);
	if (i->owner)
		fprintf(f, " owner=%u", i->owner);
	if (i->waker)
		fprintf(f, " waker=%u", i->waker);
	if (i->waker_irq)
		fprintf(f, " waker=irq");
	if (i->instead)
		fprintf(f, " instead=%u", i->instead);
	fprintf(f, "%s\n", i->open ? " open" : "");
}

static void print_thread(FILE *f, const struct model *m, const struct thread *t)
{
	char sentence[MODEL_SENTENCE];
	size_t i;

	fprintf(f, "thread %u tgid %u parent %u %s%s\n", t->tid, t->tgid, t->parent,
		t->comm[0] ? t->comm : "-", t->target ? " target" : "");
	for (i = 0; i < t->nr_intervals; i++)
		print_interval(f, m, &t->intervals[i]);
	fprintf(f,
		"  life %" PRIu64 "-%" PRIu64 " voluntary %" PRIu64 " involuntary %" PRIu64
		" migrations %" PRIu64 " wakeups %" PRIu64 " latency %" PRIu64 "\n",
		t->start_ns - m->start_ns, t->end_ns - m->start_ns, t->nr_voluntary,
		t->nr_involuntary, t->nr_migrations, t->nr_wakeups, t->latency_max_ns);
	for (i = 0; i < t->nr_intervals; i++) {
		model_sentence(m, t, &t->intervals[i], sentence, sizeof(sentence));
		fprintf(f, "  \"%s\"\n", sentence);
	}
}

static void print_cpu(FILE *f, const struct model *m, unsigned int cpu)
{
	const struct cpu *c = &m->cpus[cpu];
	size_t i;

	fprintf(f, "cpu %u busy %" PRIu64 " target %" PRIu64 " idle %" PRIu64 " lost %" PRIu64 "\n",
		cpu, c->busy_ns, c->target_ns, c->idle_ns, c->nr_lost);
	for (i = 0; i < c->nr_intervals; i++)
		fprintf(f, "  %10" PRIu64 " %10" PRIu64 " %u%s\n",
			c->intervals[i].start_ns - m->start_ns,
			c->intervals[i].end_ns - m->start_ns, c->intervals[i].tid,
			c->intervals[i].target ? " target" : "");
}

static void print_mark(FILE *f, const struct model *m, const struct mark *k)
{
	fprintf(f, "mark %u %*s%s %" PRIu64 " %" PRIu64, k->tid, k->depth, "",
		model_mark_name(m, k->name), k->start_ns - m->start_ns, k->end_ns - m->start_ns);
	if (k->point)
		fprintf(f, " point %" PRIu64 "\n", k->value);
	else
		fprintf(f, " off %" PRIu64 "%s%s%s\n", k->off_cpu_ns, k->no_end ? " no end" : "",
			k->no_begin ? " no begin" : "",
			k->thread == m->nr_threads ? " nobody" : "");
}

void facts_print(FILE *f, const struct model *m)
{
	size_t i;

	fprintf(f,
		"model %" PRIu64 " ns, %u CPUs, source %d, %" PRIu64 " records, %" PRIu64
		" lost, %s\n",
		m->end_ns - m->start_ns, m->nr_cpus, m->source, m->nr_records, m->nr_lost,
		m->complete   ? "complete"
		: m->finished ? "incomplete"
			      : "unfinished");
	fprintf(f, "peak %u:", m->peak_parallel);
	for (i = 0; i <= m->peak_parallel && i < 17; i++)
		fprintf(f, " %zu for %" PRIu64, i, m->parallel_ns[i]);
	fprintf(f, "\n");
	if (m->nr_lost)
		fprintf(f, "untimed %" PRIu64 ", blind for %" PRIu64 "\n", m->nr_untimed,
			m->blind_ns);
	for (i = 0; i < m->nr_gaps; i++)
		fprintf(f, "gap cpu%u %" PRIu64 "-%" PRIu64 " lost %" PRIu64 "\n", m->gaps[i].cpu,
			m->gaps[i].start_ns - m->start_ns, m->gaps[i].end_ns - m->start_ns,
			m->gaps[i].nr);
	for (i = 0; i < m->nr_threads; i++)
		print_thread(f, m, &m->threads[i]);
	for (i = 0; i < m->nr_cpus; i++)
		print_cpu(f, m, (unsigned int)i);
	for (i = 0; i < m->nr_marks; i++)
		print_mark(f, m, &m->marks[i]);
}
