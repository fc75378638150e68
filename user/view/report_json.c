// SPDX-License-Identifier: GPL-2.0
/* The report as JSON; report.h documents it. */
#include <errno.h>
#include <jansson.h>

#include "view/report_part.h"
#include "view/text.h"

#define NUMBER(n) ((json_int_t)(n))
#define AT(ns)	  NUMBER((ns) - m->span_start_ns)

static json_t *exit_json(const struct trace *t)
{
	if (t->exit_signal)
		return json_pack("{s:i}", "signal", t->exit_signal);
	if (t->exit_code >= 0)
		return json_pack("{s:i}", "code", t->exit_code);
	return json_null();
}

static json_t *parallel_json(const struct model *m)
{
	json_t *ns = json_array();
	unsigned int i;

	for (i = 0; i <= m->peak_parallel && i < 17; i++)
		json_array_append_new(ns, json_integer(NUMBER(m->parallel_ns[i])));
	return json_pack("{s:I,s:o}", "peak", NUMBER(m->peak_parallel), "ns", ns);
}

static json_t *thread_json(const struct model *m, const struct thread *t)
{
	return json_pack("{s:I,s:I,s:I,s:s,s:I,s:I,s:I,s:I,s:I,s:I,s:I,s:I,s:I,s:I,s:I,s:I,s:I}",
			 "tid", NUMBER(t->tid), "tgid", NUMBER(t->tgid), "parent",
			 NUMBER(t->parent), "comm", t->comm, "start_ns", AT(t->start_ns), "end_ns",
			 AT(t->end_ns), "ran_ns", NUMBER(t->total_ns[STATE_RUNNING]), "runnable_ns",
			 NUMBER(t->total_ns[STATE_RUNNABLE]), "slept_ns",
			 NUMBER(t->total_ns[STATE_SLEEPING]), "blocked_ns",
			 NUMBER(t->total_ns[STATE_BLOCKED]), "stopped_ns",
			 NUMBER(t->total_ns[STATE_STOPPED]), "unknown_ns",
			 NUMBER(t->total_ns[STATE_UNKNOWN]), "voluntary", NUMBER(t->nr_voluntary),
			 "involuntary", NUMBER(t->nr_involuntary), "migrations",
			 NUMBER(t->nr_migrations), "wakeups", NUMBER(t->nr_wakeups),
			 "latency_max_ns", NUMBER(t->latency_max_ns));
}

static json_t *counters_json(const struct model *m, const struct thread *t)
{
	json_t *counted = json_object();
	size_t i;

	for (i = 0; i < m->nr_counters; i++)
		json_object_set_new(counted, m->counters[i], json_integer(NUMBER(t->counted[i])));
	return counted;
}

static json_t *threads_json(const struct model *m)
{
	json_t *list = json_array(), *thread;
	size_t i;

	for (i = 0; i < m->nr_threads; i++) {
		if (!m->threads[i].target)
			continue;
		thread = thread_json(m, &m->threads[i]);
		if (m->nr_counters)
			json_object_set_new(thread, "counted", counters_json(m, &m->threads[i]));
		json_array_append_new(list, thread);
	}
	return list;
}

static json_t *cpus_json(const struct model *m)
{
	json_t *list = json_array();
	const struct cpu *c;
	unsigned int i;

	for (i = 0; i < m->nr_cpus; i++) {
		c = &m->cpus[i];
		json_array_append_new(list, json_pack("{s:I,s:I,s:I,s:I,s:I,s:I}", "cpu", NUMBER(i),
						      "lost", NUMBER(c->nr_lost), "target_ns",
						      NUMBER(c->target_ns), "others_ns",
						      NUMBER(c->busy_ns - c->target_ns), "idle_ns",
						      NUMBER(c->idle_ns), "unknown_ns",
						      NUMBER(m->span_end_ns - m->span_start_ns -
							     c->busy_ns - c->idle_ns)));
	}
	return list;
}

static json_t *gaps_json(const struct model *m)
{
	json_t *list = json_array();
	const struct gap *g;

	for (g = m->gaps; g < m->gaps + m->nr_gaps; g++)
		json_array_append_new(list, json_pack("{s:I,s:I,s:I,s:I}", "cpu", NUMBER(g->cpu),
						      "start_ns", AT(g->start_ns), "end_ns",
						      AT(g->end_ns), "lost", NUMBER(g->nr)));
	return list;
}

static json_t *wait_json(const struct model *m, const struct summary_wait *w)
{
	const struct interval *i = w->interval;
	const struct model_lock *l = i->lock ? &m->locks[i->lock - 1] : NULL;
	const struct model_spot *spot = i->spot ? &m->spots[i->spot - 1] : NULL;
	char sentence[MODEL_SENTENCE], address[32];

	snprintf(address, sizeof(address), "0x%llx", (unsigned long long)i->address);
	model_sentence(m, w->thread, i, sentence, sizeof(sentence));
	return json_pack("{s:I,s:I,s:I,s:s,s:s,s:i,s:I,s:b,s:I,s:I,s:s,s:b,s:s,s:s,s:s,s:s,s:s}",
			 "tid", NUMBER(w->thread->tid), "start_ns", AT(i->start_ns), "end_ns",
			 AT(i->end_ns), "state", model_state_name(i->state), "cause",
			 model_cause_name(i->cause), "cpu", i->cpu, "waker", NUMBER(i->waker),
			 "waker_irq", i->waker_irq, "instead", NUMBER(i->instead), "owner",
			 NUMBER(i->owner), "address", address, "open", i->open, "lock_kind",
			 l ? trace_lock_name(l->kind) : "", "lock_name", l ? l->name : "",
			 "function", spot ? spot->function : "", "place", spot ? spot->text : "",
			 "sentence", sentence);
}

static json_t *waits_json(const struct model *m, const struct summary *s)
{
	json_t *list = json_array();
	size_t i;

	for (i = 0; i < s->nr_waits; i++)
		json_array_append_new(list, wait_json(m, &s->waits[i]));
	return list;
}

static json_t *wakers_json(const struct model *m, const struct summary *s)
{
	json_t *list = json_array();
	const struct thread *t;
	size_t i;

	for (i = 0; i < s->nr_wakers; i++) {
		t = model_thread(m, s->wakers[i].tid);
		json_array_append_new(list,
				      json_pack("{s:I,s:s,s:I}", "tid", NUMBER(s->wakers[i].tid),
						"comm", t ? t->comm : "", "wakeups",
						NUMBER(s->wakers[i].nr_wakeups)));
	}
	return list;
}

static int add_marks(json_t *root, const struct model *m)
{
	struct mark_sum *sums, *s;
	json_t *list;
	size_t n;

	if (!m->nr_marks && !m->nr_marks_lost)
		return 0;
	if (model_mark_sums(&sums, &n, m))
		return -ENOMEM;
	list = json_array();
	for (s = sums; s < sums + n; s++)
		json_array_append_new(
			list,
			json_pack("{s:s,s:I,s:I,s:I,s:I,s:I,s:I,s:I}", "name",
				  model_mark_name(m, s->name), "intervals", NUMBER(s->nr_intervals),
				  "points", NUMBER(s->nr_points), "no_end", NUMBER(s->nr_no_end),
				  "no_begin", NUMBER(s->nr_no_begin), "total_ns",
				  NUMBER(s->total_ns), "longest_ns", NUMBER(s->longest_ns),
				  "off_cpu_ns", NUMBER(s->off_cpu_ns)));
	free(sums);
	json_object_set_new(root, "marks_lost", json_integer(NUMBER(m->nr_marks_lost)));
	return json_object_set_new(root, "marks", list) ? -ENOMEM : 0;
}

/* The scheduler of ours, and how often it decided for which reason. */
static int add_policy(json_t *root, const struct model *m)
{
	const struct trace_policy *p = m->policy;
	json_t *why, *knobs;
	uint64_t n;
	size_t i, k;

	if (!p || !p->name)
		return 0;
	why = json_array();
	for (i = 0; i < p->nr_why; i++) {
		for (n = 0, k = 0; k < m->nr_decisions; k++)
			n += m->decisions[k].why == p->why[i].id;
		json_array_append_new(
			why, json_pack("{s:s,s:I}", "text", p->why[i].text, "times", NUMBER(n)));
	}
	knobs = json_object();
	for (i = 0; i < p->nr_knobs; i++)
		json_object_set_new(knobs, p->knobs[i].name,
				    json_integer(NUMBER(p->knobs[i].value)));
	return json_object_set_new(root, "policy",
				   json_pack("{s:s,s:s,s:o,s:I,s:I,s:o}", "name", p->name, "text",
					     p->text, "knobs", knobs, "decisions",
					     NUMBER(m->nr_decisions), "lost",
					     NUMBER(m->nr_decisions_lost), "why", why))
		       ? -ENOMEM
		       : 0;
}

int report_json(FILE *f, const struct trace *t, const struct model *m)
{
	struct summary s;
	json_t *root;
	int err = summary_make(&s, m);

	if (err)
		return err;
	root = json_pack("{s:i,s:s,s:s,s:I,s:I,s:I,s:I,s:b,s:b,s:b,s:I,s:{s:I,s:I},s:o,s:o,s:o,"
			 "s:{s:I,s:I},s:o,s:o,s:o,s:o,s:o,s:o,s:o}",
			 "oncpu_report", 1, "command", t->command, "source", view_source(m->source),
			 "records", NUMBER(m->nr_records), "lost", NUMBER(m->nr_lost),
			 "lost_untimed", NUMBER(m->nr_untimed), "blind_ns", NUMBER(m->blind_ns),
			 "finished", m->finished, "complete", m->complete, "conclusive",
			 m->complete, "duration_ns", NUMBER(m->span_end_ns - m->span_start_ns),
			 "recording", "start_ns", AT(m->start_ns), "end_ns", AT(m->end_ns), "exit",
			 exit_json(t), "parallel", parallel_json(m), "threads", threads_json(m),
			 "others", "threads", NUMBER(s.nr_others), "ran_ns", NUMBER(s.others_ns),
			 "cpus", cpus_json(m), "gaps", gaps_json(m), "longest_waits",
			 waits_json(m, &s), "wakers", wakers_json(m, &s), "findings",
			 report_findings_json(m), "locks", report_locks_json(m), "critical_path",
			 report_path_json(m));
	if (!root)
		return -ENOMEM;
	err = add_marks(root, m);
	if (!err)
		err = add_policy(root, m);
	if (!err)
		json_dumpf(root, f, JSON_INDENT(1));
	fputc('\n', f);
	json_decref(root);
	return err;
}
