// SPDX-License-Identifier: GPL-2.0
/* META and END of a trace file. A member may be missing; one of a wrong type is damage. */
#include <errno.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "lib/text.h"
#include "lib/trace_reader.h"

#define WRONG_TYPE "a member of the JSON has a wrong type"

/* *to stays as it is where the member is missing. */
static int get_number(struct trace_reader *r, const json_t *object, const char *key, uint64_t max,
		      uint64_t *to)
{
	const json_t *v = json_object_get(object, key);

	if (!v)
		return 0;
	if (!json_is_integer(v) || (uint64_t)json_integer_value(v) > max) /* or negative */
		return trace_reader_damaged(r, WRONG_TYPE);
	*to = (uint64_t)json_integer_value(v);
	return 0;
}

static int get_tid(struct trace_reader *r, const json_t *object, const char *key, uint32_t *to)
{
	uint64_t value = *to;
	int err = get_number(r, object, key, UINT32_MAX, &value);

	*to = (uint32_t)value;
	return err;
}

static int get_string(struct trace_reader *r, const json_t *object, const char *key, char **to)
{
	const json_t *v = json_object_get(object, key);

	if (!v)
		return 0;
	if (!json_is_string(v))
		return trace_reader_damaged(r, WRONG_TYPE);
	free(*to);
	*to = strdup(json_string_value(v));
	if (!*to)
		return -ENOMEM;
	text_clean(*to);
	return 0;
}

static int get_container(struct trace_reader *r, const json_t *object, const char *key,
			 json_type type, json_t **to)
{
	*to = json_object_get(object, key);
	if (*to && json_typeof(*to) != type)
		return trace_reader_damaged(r, WRONG_TYPE);
	return 0;
}

static int get_command(struct trace_reader *r, const json_t *root)
{
	json_t *words, *word;
	size_t i, size = 1;
	char *to;
	int err = get_container(r, root, "command", JSON_ARRAY, &words);

	if (err || !words)
		return err;
	json_array_foreach(words, i, word) {
		if (!json_is_string(word))
			return trace_reader_damaged(r, WRONG_TYPE);
		size += json_string_length(word) + 1;
	}
	to = malloc(size);
	if (!to)
		return -ENOMEM;
	free(r->t->command);
	r->t->command = to;
	*to = '\0';
	json_array_foreach(words, i, word) {
		if (i)
			to = stpcpy(to, " ");
		to = stpcpy(to, json_string_value(word));
	}
	text_clean(r->t->command);
	return 0;
}

static int get_machine(struct trace_reader *r, const json_t *root)
{
	uint64_t cpus = r->t->nr_cpus;
	json_t *machine;
	int err = get_container(r, root, "machine", JSON_OBJECT, &machine);

	if (err)
		return err;
	err = get_string(r, machine, "kernel", &r->t->kernel);
	if (err)
		return err;
	err = get_string(r, machine, "arch", &r->t->arch);
	if (err)
		return err;
	err = get_number(r, machine, "cpus", TRACE_MAX_CPUS, &cpus);
	r->t->nr_cpus = (unsigned int)cpus;
	return err;
}

static const char *const task_states[TRACE_TASK_STATES] = {
	[TRACE_TASK_RUNNING] = "running",   [TRACE_TASK_RUNNABLE] = "runnable",
	[TRACE_TASK_SLEEPING] = "sleeping", [TRACE_TASK_BLOCKED] = "blocked",
	[TRACE_TASK_STOPPED] = "stopped",
};

const char *trace_task_state_name(enum trace_task_state state)
{
	return task_states[state];
}

/* What this version has no word for is not known. */
static int get_task_state(struct trace_reader *r, const json_t *object, struct trace_task *task)
{
	const char *state = json_string_value(json_object_get(object, "state"));
	const char *futex = json_string_value(json_object_get(object, "futex"));
	uint64_t cpu = TRACE_MAX_CPUS;
	int i, err = get_number(r, object, "cpu", TRACE_MAX_CPUS, &cpu);

	for (i = TRACE_TASK_RUNNING; state && i < TRACE_TASK_STATES; i++)
		if (!strcmp(state, task_states[i]))
			task->state = (enum trace_task_state)i;
	task->cpu = (uint32_t)cpu;
	task->futex = futex ? strtoull(futex, NULL, 16) : 0;
	return err;
}

static int get_task(struct trace_reader *r, const json_t *object, struct trace_task *task)
{
	const json_t *comm = json_object_get(object, "comm");
	int err;

	if (!json_is_object(object) || (comm && !json_is_string(comm)))
		return trace_reader_damaged(r, WRONG_TYPE);
	if (comm)
		strncpy(task->comm, json_string_value(comm), sizeof(task->comm) - 1);
	text_clean(task->comm);
	err = get_tid(r, object, "tid", &task->tid);
	if (err)
		return err;
	err = get_tid(r, object, "tgid", &task->tgid);
	if (err)
		return err;
	err = get_tid(r, object, "ppid", &task->ppid);
	return err ? err : get_task_state(r, object, task);
}

static int by_tid(const void *a, const void *b)
{
	const struct trace_task *x = a, *y = b;

	return (x->tid > y->tid) - (x->tid < y->tid);
}

static int get_tasks(struct trace_reader *r, const json_t *root)
{
	struct trace *t = r->t;
	json_t *tasks, *task;
	size_t i;
	int err = get_container(r, root, "tasks", JSON_ARRAY, &tasks);

	if (err || !json_array_size(tasks))
		return err;
	t->tasks = calloc(json_array_size(tasks), sizeof(*t->tasks));
	if (!t->tasks)
		return -ENOMEM;
	json_array_foreach(tasks, i, task) {
		err = get_task(r, task, &t->tasks[i]);
		if (err)
			return err;
	}
	t->nr_tasks = json_array_size(tasks);
	qsort(t->tasks, t->nr_tasks, sizeof(*t->tasks), by_tid);
	return 0;
}

static int source_of(const char *name)
{
	if (!strcmp(name, "module"))
		return TRACE_MODULE;
	if (!strcmp(name, "marks"))
		return TRACE_MARKS;
	if (!strcmp(name, "decisions"))
		return TRACE_DECISIONS;
	return strcmp(name, "bpf") ? 0 : TRACE_BPF;
}

static uint64_t types_of(const char *event)
{
#define TYPE_OF(name, id, class, text) | (strcmp(event, text) ? 0 : 1ull << (id))
	return 0 ONCPU_RECORD_TABLE(TYPE_OF);
#undef TYPE_OF
}

static int get_missing(struct trace_reader *r, const json_t *root)
{
	json_t *missing, *one;
	size_t i;
	int err = get_container(r, root, "missing", JSON_ARRAY, &missing);

	if (err || !missing)
		return err;
	json_array_foreach(missing, i, one) {
		const char *source = json_string_value(json_object_get(one, "source"));
		const char *event = json_string_value(json_object_get(one, "event"));

		if (!source || !event)
			return trace_reader_damaged(r, WRONG_TYPE);
		r->t->missing[source_of(source)] |= types_of(event);
	}
	return 0;
}

static int get_counters(struct trace_reader *r, const json_t *root)
{
	json_t *names, *name;
	size_t i;
	int err = get_container(r, root, "counters", JSON_ARRAY, &names);

	if (err)
		return err;
	json_array_foreach(names, i, name) {
		if (!json_is_string(name) || i == TRACE_MAX_COUNTERS)
			return trace_reader_damaged(r, "impossible counters");
		r->t->counter_names[i] = strdup(json_string_value(name));
		if (!r->t->counter_names[i])
			return -ENOMEM;
		text_clean(r->t->counter_names[i]);
		r->t->nr_counters = i + 1;
	}
	return 0;
}

static int take_meta(struct trace_reader *r, const json_t *root)
{
	int err = get_string(r, root, "oncpu", &r->t->oncpu_version);

	if (err)
		return err;
	err = get_string(r, root, "start_utc", &r->t->start_utc);
	if (err)
		return err;
	err = get_tid(r, root, "target_tid", &r->t->target_tid);
	if (err)
		return err;
	err = get_number(r, root, "start_ns", INT64_MAX, &r->t->start_ns);
	if (err)
		return err;
	err = get_command(r, root);
	if (err)
		return err;
	err = get_machine(r, root);
	if (err)
		return err;
	err = get_missing(r, root);
	if (err)
		return err;
	err = get_counters(r, root);
	if (err)
		return err;
	err = trace_reader_policy(r, json_object_get(root, "policy"));
	if (err)
		return err;
	return get_tasks(r, root);
}

static int take_exit(struct trace_reader *r, const json_t *root)
{
	uint64_t code = UINT64_MAX, signal = 0;
	json_t *object;
	int err = get_container(r, root, "exit", JSON_OBJECT, &object);

	if (err)
		return err;
	err = get_number(r, object, "code", 255, &code);
	if (err)
		return err;
	err = get_number(r, object, "signal", 127, &signal);
	if (err)
		return err;
	r->t->exit_code = code == UINT64_MAX ? -1 : (int)code;
	r->t->exit_signal = (int)signal;
	return 0;
}

static int take_cpus(struct trace_reader *r, const json_t *source, int id)
{
	json_t *cpus, *object;
	struct slot *slot;
	uint64_t cpu;
	size_t i;
	int err = get_container(r, source, "cpus", JSON_ARRAY, &cpus);

	if (err)
		return err;
	json_array_foreach(cpus, i, object) {
		cpu = UINT64_MAX;
		err = get_number(r, object, "cpu", TRACE_MAX_CPUS - 1, &cpu);
		if (err)
			return err;
		err = trace_reader_slot(r, &slot, (uint64_t)id, cpu);
		if (err)
			return err;
		err = get_number(r, object, "records", INT64_MAX, &slot->promised);
		if (err)
			return err;
		err = get_number(r, object, "lost", TRACE_MAX_LOST, &slot->stream.lost);
		if (err)
			return err;
	}
	return 0;
}

static int take_end(struct trace_reader *r, const json_t *root)
{
	json_t *sources, *source, *name;
	size_t i;
	int err, id;

	err = get_number(r, root, "end_ns", INT64_MAX, &r->t->end_ns);
	if (err)
		return err;
	err = take_exit(r, root);
	if (err)
		return err;
	err = get_container(r, root, "sources", JSON_ARRAY, &sources);
	if (err)
		return err;
	json_array_foreach(sources, i, source) {
		name = json_object_get(source, "name");
		if (!json_is_string(name))
			return trace_reader_damaged(r, WRONG_TYPE);
		id = source_of(json_string_value(name));
		if (!id) /* of a later minor version */
			continue;
		err = get_number(r, source, "missed", TRACE_MAX_LOST, &r->t->missed[id]);
		if (err)
			return err;
		err = take_cpus(r, source, id);
		if (err)
			return err;
	}
	return 0;
}

static int parse(struct trace_reader *r, const char *json, size_t size,
		 int (*take)(struct trace_reader *, const json_t *))
{
	json_t *root = json_loadb(json, size, 0, NULL);
	int err;

	if (json_is_object(root))
		err = take(r, root);
	else
		err = trace_reader_damaged(r, "a chunk that should be a JSON object and is none");
	json_decref(root);
	return err;
}

int trace_reader_meta(struct trace_reader *r, const char *json, size_t size)
{
	return parse(r, json, size, take_meta);
}

int trace_reader_end(struct trace_reader *r, const char *json, size_t size)
{
	return parse(r, json, size, take_end);
}
