// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

#include "record/meta.h"
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

	for (; *argv; argv++)
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

static void now_utc(char *buf, size_t size)
{
	time_t now = time(NULL);
	struct tm tm;

	gmtime_r(&now, &tm);
	strftime(buf, size, "%Y-%m-%dT%H:%M:%SZ", &tm);
}

static int dump(char **out, json_t *json)
{
	*out = json ? json_dumps(json, JSON_COMPACT) : NULL;
	json_decref(json);
	return *out ? 0 : -ENOMEM;
}

int meta_start(char **out, const struct meta *m)
{
	char utc[32];

	now_utc(utc, sizeof(utc));
	return dump(out, json_pack("{s:s, s:o, s:i, s:o, s:s, s:I, s:s, s:o, s:o}", "oncpu",
				   ONCPU_VERSION, "command", command(m->argv), "target_tid",
				   m->target, "machine", machine(), "clock", "CLOCK_MONOTONIC",
				   "start_ns", (json_int_t)m->start_ns, "start_utc", utc, "sources",
				   source_names(m), "tasks", tasks_alive()));
}

/* Nobody knows on which CPU an event was missed: the first one answers for them. */
static json_t *source_cpus(const struct source *s)
{
	json_t *array = json_array();
	unsigned int cpu;

	for (cpu = 0; cpu < s->rings.nr_cpus; cpu++)
		json_array_append_new(array,
				      json_pack("{s:i, s:I, s:I}", "cpu", (int)cpu, "records",
						(json_int_t)s->rings.cpus[cpu].written, "lost",
						(json_int_t)(rings_lost(&s->rings, cpu) +
							     (cpu == 0 ? s->missed : 0))));
	return array;
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
	return array;
}

int meta_end(char **out, const struct meta *m, uint64_t end_ns, const struct target_end *end)
{
	json_t *how = end->signal ? json_pack("{s:i}", "signal", end->signal)
				  : json_pack("{s:i}", "code", end->code);

	return dump(out, json_pack("{s:I, s:o, s:o}", "end_ns", (json_int_t)end_ns, "exit", how,
				   "sources", source_counts(m)));
}
