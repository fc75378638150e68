// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

#include "model/now.h"
#include "record/classes.h"
#include "record/decisions.h"
#include "record/meta.h"
#include "record/session.h"
#include "record/tasks.h"

/* JSON is UTF-8, but names and arguments are any bytes. */
static json_t *text(const char *s)
{
	json_t *json = json_string(s);
	char *copy, *p;

	if (json)
		return json;
	copy = strdup(s);
	for (p = copy; p && *p; p++)
		if ((unsigned char)*p >= 0x80)
			*p = '?';
	json = copy ? json_string(copy) : NULL;
	free(copy);
	return json;
}

static json_t *command(char *const *argv)
{
	json_t *array = json_array();

	for (; argv && *argv; argv++)
		json_array_append_new(array, text(*argv));
	return array;
}

static json_t *machine(void)
{
	struct utsname u;

	if (uname(&u))
		return json_object();
	return json_pack("{s:o, s:o, s:I, s:o}", "kernel", text(u.release), "arch", text(u.machine),
			 "cpus", (json_int_t)sysconf(_SC_NPROCESSORS_CONF), "host",
			 text(u.nodename));
}

static json_t *source_names(const struct meta *m)
{
	json_t *array = json_array();
	size_t i;

	for (i = 0; i < m->nr_sources; i++)
		json_array_append_new(array, json_string(m->sources[i].ops->name));
	return array;
}

static json_t *tasks_alive(void)
{
	json_t *array = json_array();
	struct task *tasks;
	size_t n, i;

	if (tasks_scan(&tasks, &n, true))
		return array;
	for (i = 0; i < n; i++)
		json_array_append_new(array, json_pack("{s:i, s:i, s:i, s:o}", "tid", tasks[i].tid,
						       "tgid", tasks[i].tgid, "ppid", tasks[i].ppid,
						       "comm", text(tasks[i].comm)));
	free(tasks);
	return array;
}

static enum trace_task_state task_state(enum state s)
{
	return s <= STATE_STOPPED ? (enum trace_task_state)s : TRACE_TASK_UNKNOWN;
}

/* As tasks_alive(), and what each did. */
static json_t *task_before(const struct now_thread *t)
{
	json_t *o = json_pack("{s:I, s:I, s:I, s:o}", "tid", (json_int_t)t->tid, "tgid",
			      (json_int_t)t->tgid, "ppid", (json_int_t)t->parent, "comm",
			      text(t->comm));
	const char *state = trace_task_state_name(task_state(t->now.state));

	if (o && state)
		json_object_set_new(o, "state", json_string(state));
	if (o && t->now.cpu >= 0)
		json_object_set_new(o, "cpu", json_integer(t->now.cpu));
	if (o && t->now.cause == CAUSE_FUTEX)
		json_object_set_new(o, "futex",
				    json_sprintf("0x%llx", (unsigned long long)t->now.address));
	return o;
}

static json_t *tasks_before(const struct now *before)
{
	json_t *array = json_array();
	size_t i;

	for (i = 0; i < before->size; i++)
		if (before->table[i])
			json_array_append_new(array, task_before(before->table[i]));
	return array;
}

static json_t *classes(const struct meta *m)
{
	json_t *array = json_array();
	int id;

	for (id = 0; id < ONCPU_CLASS_END; id++)
		if (m->options->source.types & types_of_class((enum oncpu_class)id))
			json_array_append_new(array, json_string(class_names[id]));
	return array;
}

static json_t *cpus_chosen(const uint64_t *cpus)
{
	json_t *array = json_array();
	unsigned int cpu;

	for (cpu = 0; cpu < TRACE_MAX_CPUS; cpu++)
		if (cpus[cpu / 64] >> cpu % 64 & 1)
			json_array_append_new(array, json_integer(cpu));
	return array;
}

static json_t *pids_chosen(const struct meta *m)
{
	json_t *array = json_array();
	size_t i;

	for (i = 0; i < m->options->nr_pids; i++)
		json_array_append_new(array, json_integer(m->options->pids[i]));
	if (!m->options->nr_pids)
		json_array_append_new(array, json_integer(m->target));
	return array;
}

/* Of whom: what is not in it was not asked for. */
static json_t *filter(const struct meta *m)
{
	const struct oncpu_filter *f = &m->options->source.filter;
	json_t *o = json_pack("{s:s, s:b, s:i}", "switches",
			      f->flags & ONCPU_FILTER_SWITCHES ? "all" : "target", "self",
			      !!(f->flags & ONCPU_FILTER_SELF), "recorder", (int)f->self_tgid);

	if (f->flags & ONCPU_FILTER_TASKS)
		json_object_set_new(o, "trees", pids_chosen(m));
	if (f->flags & ONCPU_FILTER_COMM)
		json_object_set_new(o, "comm", text(f->comm));
	if (f->flags & ONCPU_FILTER_CGROUP)
		json_object_set_new(o, "cgroup", json_integer((json_int_t)f->cgroup));
	if (m->options->source.cpus)
		json_object_set_new(o, "cpus", cpus_chosen(m->options->source.cpus));
	return o;
}

/* What was asked for and is not to be had from a source, and why. */
static json_t *missing(const struct meta *m)
{
	uint64_t wanted = m->options->source.types & types_of_probes();
	json_t *array = json_array();
	unsigned int type;
	size_t i;

	for (i = 0; i < m->nr_sources; i++)
		for (type = 1; type < ONCPU_RECORD_TYPE_END; type++)
			if (wanted & ~m->sources[i].recorded & 1ull << type)
				json_array_append_new(array,
						      json_pack("{s:s, s:s, s:s}", "source",
								m->sources[i].ops->name, "event",
								type_event(type), "why",
								m->sources[i].ops->why_missing));
	return array;
}

static void utc_of(uint64_t time_ns, char *buf, size_t size)
{
	struct timespec ts;
	time_t then;
	struct tm tm;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	then = time(NULL) - ((time_t)ts.tv_sec - (time_t)(time_ns / 1000000000u));
	gmtime_r(&then, &tm);
	strftime(buf, size, "%Y-%m-%dT%H:%M:%SZ", &tm);
}

static int dump(char **out, json_t *json)
{
	*out = json ? json_dumps(json, JSON_COMPACT) : NULL;
	json_decref(json);
	return *out ? 0 : -ENOMEM;
}

static int add_counters(json_t *meta, const struct counters *c)
{
	json_t *names = json_array(), *missing = json_array();
	size_t i;

	for (i = 0; i < c->nr; i++)
		json_array_append_new(names, json_string(c->names[i]));
	for (i = 0; i < c->nr_asked; i++)
		if (c->asked[i].why[0])
			json_array_append_new(missing,
					      json_pack("{s:s, s:s}", "name", c->asked[i].name,
							"why", c->asked[i].why));
	return json_object_set_new(meta, "counters", names) |
	       json_object_set_new(meta, "not_counted", missing);
}

int meta_start(char **out, const struct meta *m)
{
	char utc[32];
	json_t *json;

	utc_of(m->start_ns, utc, sizeof(utc));
	json = json_pack("{s:s, s:o, s:i, s:o, s:s, s:I, s:s, s:o, s:o, s:o, s:o, s:o}", "oncpu",
			 ONCPU_VERSION, "command", command(m->argv), "target_tid", m->target,
			 "machine", machine(), "clock", "CLOCK_MONOTONIC", "start_ns",
			 (json_int_t)m->start_ns, "start_utc", utc, "sources", source_names(m),
			 "classes", classes(m), "filter", filter(m), "missing", missing(m), "tasks",
			 m->before ? tasks_before(m->before) : tasks_alive());
	if (json && m->counters->nr_asked && add_counters(json, m->counters)) {
		json_decref(json);
		json = NULL;
	}
	if (json && m->options->decisions)
		json_object_set_new(json, "policy",
				    json_loads(m->options->decisions->meta, 0, NULL));
	return dump(out, json);
}

static json_t *source_cpus(const struct source *s)
{
	json_t *array = json_array();
	unsigned int cpu;

	for (cpu = 0; cpu < s->rings.nr_cpus; cpu++)
		json_array_append_new(array,
				      json_pack("{s:i, s:I, s:I}", "cpu", (int)cpu, "records",
						(json_int_t)s->rings.cpus[cpu].written, "lost",
						(json_int_t)rings_lost(&s->rings, cpu)));
	return array;
}

static json_t *marks_count(const struct marks *m)
{
	return json_pack("{s:s, s:[{s:i, s:I, s:I}]}", "name", "marks", "cpus", "cpu", 0, "records",
			 (json_int_t)marks_recorded(m), "lost", (json_int_t)marks_lost(m));
}

/* One stream, of all CPUs. */
static json_t *decisions_count(const struct decisions *d)
{
	json_int_t written = 0, lost = 0;
	unsigned int cpu;

	for (cpu = 0; cpu < d->rings.nr_cpus; cpu++) {
		written += (json_int_t)d->rings.cpus[cpu].written;
		lost += (json_int_t)rings_lost(&d->rings, cpu);
	}
	return json_pack("{s:s, s:[{s:i, s:I, s:I}]}", "name", "decisions", "cpus", "cpu", 0,
			 "records", written, "lost", lost);
}

static json_t *source_counts(const struct meta *m)
{
	json_t *array = json_array();
	size_t i;

	for (i = 0; i < m->nr_sources; i++)
		json_array_append_new(array,
				      json_pack("{s:s, s:I, s:o}", "name", m->sources[i].ops->name,
						"missed", (json_int_t)m->sources[i].missed, "cpus",
						source_cpus(&m->sources[i])));
	if (m->marks)
		json_array_append_new(array, marks_count(m->marks));
	if (m->options->decisions)
		json_array_append_new(array, decisions_count(m->options->decisions));
	return array;
}

int meta_end(char **out, const struct meta *m, uint64_t end_ns, const struct target_end *end)
{
	json_t *how = end->signal ? json_pack("{s:i}", "signal", end->signal)
				  : json_pack("{s:i}", "code", end->code);

	return dump(out, json_pack("{s:I, s:o, s:o}", "end_ns", (json_int_t)end_ns, "exit", how,
				   "sources", source_counts(m)));
}

int meta_end_window(char **out, const struct source *s, uint64_t end_ns,
		    const struct meta_count *counts)
{
	json_t *cpus = json_array();
	unsigned int cpu;

	for (cpu = 0; cpu < s->rings.nr_cpus; cpu++)
		json_array_append_new(cpus, json_pack("{s:i, s:I, s:I}", "cpu", (int)cpu, "records",
						      (json_int_t)counts[cpu].records, "lost",
						      (json_int_t)counts[cpu].lost));
	return dump(out, json_pack("{s:I, s:[{s:s, s:i, s:o}]}", "end_ns", (json_int_t)end_ns,
				   "sources", "name", s->ops->name, "missed", 0, "cpus", cpus));
}
