// SPDX-License-Identifier: GPL-2.0
/* SYMBOLS of a trace file. A member may be missing; one of a wrong type, or a wrong index, is damage. */
#include <errno.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "lib/text.h"
#include "lib/trace_reader.h"

#define WRONG "a member of the symbols has a wrong type or is out of bounds"

static const char *const lock_names[] = {
	[ONCPU_ULOCK_MUTEX] = "mutex",	     [ONCPU_ULOCK_RWLOCK] = "rwlock",
	[ONCPU_ULOCK_COND] = "condition",    [ONCPU_ULOCK_SEM] = "semaphore",
	[ONCPU_ULOCK_BARRIER] = "barrier",   [ONCPU_ULOCK_JOIN] = "join",
	[ONCPU_ULOCK_SPINLOCK] = "spinlock", [ONCPU_ULOCK_ONCE] = "once",
};
#define NR_LOCK_NAMES (sizeof(lock_names) / sizeof(*lock_names))

const char *trace_lock_name(unsigned int kind)
{
	return kind < NR_LOCK_NAMES && lock_names[kind] ? lock_names[kind] : "futex";
}

unsigned int trace_lock_kind(const char *name)
{
	unsigned int kind;

	for (kind = 1; kind < NR_LOCK_NAMES; kind++)
		if (!strcmp(lock_names[kind], name))
			return kind;
	return 0; /* of a later minor version, perhaps */
}

static int get_text(struct trace_reader *r, const json_t *object, const char *key, char **to)
{
	const json_t *v = json_object_get(object, key);

	if (v && !json_is_string(v))
		return trace_reader_damaged(r, WRONG);
	*to = strdup(v ? json_string_value(v) : "");
	if (!*to)
		return -ENOMEM;
	text_clean(*to);
	return 0;
}

static int get_hex(struct trace_reader *r, const json_t *object, const char *key, uint64_t *to)
{
	const json_t *v = json_object_get(object, key);
	const char *text = json_string_value(v);
	char *end;

	if (!v)
		return 0;
	if (!text || strncmp(text, "0x", 2))
		return trace_reader_damaged(r, WRONG);
	*to = strtoull(text, &end, 16);
	return *end ? trace_reader_damaged(r, WRONG) : 0;
}

static int get_integer(struct trace_reader *r, const json_t *object, const char *key, uint64_t most,
		       uint64_t *to)
{
	const json_t *v = json_object_get(object, key);

	if (!v)
		return 0;
	if (!json_is_integer(v) || json_integer_value(v) < 0 ||
	    (uint64_t)json_integer_value(v) > most)
		return trace_reader_damaged(r, WRONG);
	*to = (uint64_t)json_integer_value(v);
	return 0;
}

static int get_kind(struct trace_reader *r, const json_t *object, uint8_t *to)
{
	const json_t *v = json_object_get(object, "kind");

	if (v && !json_is_string(v))
		return trace_reader_damaged(r, WRONG);
	*to = v ? (uint8_t)trace_lock_kind(json_string_value(v)) : 0;
	return 0;
}

static int take_frame(struct trace_reader *r, const json_t *object, size_t i)
{
	struct trace_frame *f = &r->t->symbols.frames[i];
	uint64_t line = 0;
	int err = get_text(r, object, "function", &f->function);

	if (!err)
		err = get_text(r, object, "file", &f->file);
	if (!err)
		err = get_text(r, object, "module", &f->module);
	if (!err)
		err = get_integer(r, object, "line", UINT32_MAX, &line);
	if (!err)
		err = get_hex(r, object, "offset", &f->offset);
	f->line = (uint32_t)line;
	return err;
}

static int get_indices(struct trace_reader *r, const json_t *list, uint32_t *to)
{
	const json_t *index;
	size_t i;

	json_array_foreach(list, i, index) {
		if (!json_is_integer(index) || json_integer_value(index) < 0 ||
		    (uint64_t)json_integer_value(index) >= r->t->symbols.nr_frames)
			return trace_reader_damaged(r, WRONG);
		to[i] = (uint32_t)json_integer_value(index);
	}
	return 0;
}

static int take_stack(struct trace_reader *r, const json_t *object, size_t i)
{
	struct trace_stack *s = &r->t->symbols.stacks[i];
	const json_t *kernel = json_object_get(object, "kernel");
	const json_t *user = json_object_get(object, "user");
	const json_t *whole = json_object_get(object, "whole");
	uint64_t at = UINT64_MAX;
	int err;

	if ((kernel && !json_is_array(kernel)) || (user && !json_is_array(user)) ||
	    (whole && !json_is_boolean(whole)))
		return trace_reader_damaged(r, WRONG);
	s->nr_kernel = (uint32_t)json_array_size(kernel);
	s->nr_user = (uint32_t)json_array_size(user);
	s->whole = json_is_true(whole);
	s->frames = calloc(s->nr_kernel + s->nr_user + 1ul, sizeof(*s->frames));
	if (!s->frames)
		return -ENOMEM;
	err = get_indices(r, kernel, s->frames);
	if (!err)
		err = get_indices(r, user, s->frames + s->nr_kernel);
	if (!err)
		err = get_hex(r, object, "id", &s->id);
	if (!err)
		err = get_kind(r, object, &s->kind);
	if (!err && s->nr_user)
		err = get_integer(r, object, "at", s->nr_user - 1, &at);
	s->at = at == UINT64_MAX ? -1 : (int32_t)at;
	return err;
}

static int take_variable(struct trace_reader *r, const json_t *object, size_t i)
{
	struct trace_variable *v = &r->t->symbols.variables[i];
	uint64_t tgid = 0;
	int err = get_text(r, object, "name", &v->name);

	v->to_ns = UINT64_MAX;
	if (!err)
		err = get_integer(r, object, "tgid", UINT32_MAX, &tgid);
	if (!err)
		err = get_integer(r, object, "from_ns", INT64_MAX, &v->from_ns);
	if (!err)
		err = get_integer(r, object, "to_ns", INT64_MAX, &v->to_ns);
	if (!err)
		err = get_hex(r, object, "address", &v->address);
	if (!err)
		err = get_hex(r, object, "base", &v->base);
	if (!err)
		err = get_kind(r, object, &v->kind);
	v->tgid = (uint32_t)tgid;
	return err;
}

/* Each object of a list into an array of as many. *n grows as they are made, so all can be freed. */
static int take_list(struct trace_reader *r, const json_t *root, const char *key, size_t size,
		     void *array, size_t *n,
		     int (*take)(struct trace_reader *, const json_t *, size_t))
{
	const json_t *list = json_object_get(root, key), *object;
	void *items;
	size_t i;
	int err;

	if (!list)
		return 0;
	if (!json_is_array(list))
		return trace_reader_damaged(r, WRONG);
	items = calloc(json_array_size(list) + 1, size);
	if (!items)
		return -ENOMEM;
	memcpy(array, &items, sizeof(items));
	json_array_foreach(list, i, object) {
		if (!json_is_object(object))
			return trace_reader_damaged(r, WRONG);
		*n = i + 1;
		err = take(r, object, i);
		if (err)
			return err;
	}
	return 0;
}

static int by_id(const void *a, const void *b)
{
	const struct trace_stack *x = a, *y = b;

	return (x->id > y->id) - (x->id < y->id);
}

static int by_place(const void *a, const void *b)
{
	const struct trace_variable *x = a, *y = b;

	if (x->address != y->address)
		return x->address < y->address ? -1 : 1;
	if (x->tgid != y->tgid)
		return x->tgid < y->tgid ? -1 : 1;
	return (x->from_ns > y->from_ns) - (x->from_ns < y->from_ns);
}

static int take_symbols(struct trace_reader *r, const json_t *root)
{
	struct trace_symbols *s = &r->t->symbols;
	int err = take_list(r, root, "frames", sizeof(*s->frames), &s->frames, &s->nr_frames,
			    take_frame);

	if (!err)
		err = take_list(r, root, "stacks", sizeof(*s->stacks), &s->stacks, &s->nr_stacks,
				take_stack);
	if (!err)
		err = take_list(r, root, "variables", sizeof(*s->variables), &s->variables,
				&s->nr_variables, take_variable);
	if (err)
		return err;
	if (s->nr_stacks)
		qsort(s->stacks, s->nr_stacks, sizeof(*s->stacks), by_id);
	if (s->nr_variables)
		qsort(s->variables, s->nr_variables, sizeof(*s->variables), by_place);
	return 0;
}

int trace_reader_symbols(struct trace_reader *r, const char *json, size_t size)
{
	json_t *root = json_loadb(json, size, 0, NULL);
	int err;

	if (json_is_object(root))
		err = take_symbols(r, root);
	else
		err = trace_reader_damaged(r, "a chunk that should be a JSON object and is none");
	json_decref(root);
	return err;
}

const struct trace_stack *trace_stack(const struct trace *t, uint64_t id)
{
	const struct trace_stack key = { .id = id };

	return t->symbols.nr_stacks
		       ? bsearch(&key, t->symbols.stacks, t->symbols.nr_stacks, sizeof(key), by_id)
		       : NULL;
}

/* The last of that address and process that had begun by then. */
const struct trace_variable *trace_variable(const struct trace *t, uint32_t tgid, uint64_t address,
					    uint64_t time_ns)
{
	const struct trace_variable key = { .tgid = tgid, .address = address, .from_ns = time_ns };
	const struct trace_variable *v = t->symbols.variables;
	size_t low = 0, high = t->symbols.nr_variables, middle;

	while (low < high) {
		middle = low + (high - low) / 2;
		if (by_place(&v[middle], &key) <= 0)
			low = middle + 1;
		else
			high = middle;
	}
	if (!low || v[low - 1].address != address || v[low - 1].tgid != tgid ||
	    v[low - 1].to_ns <= time_ns)
		return NULL;
	return &v[low - 1];
}

void trace_symbols_free(struct trace_symbols *s)
{
	size_t i;

	for (i = 0; i < s->nr_frames; i++) {
		free(s->frames[i].function);
		free(s->frames[i].file);
		free(s->frames[i].module);
	}
	for (i = 0; i < s->nr_stacks; i++)
		free(s->stacks[i].frames);
	for (i = 0; i < s->nr_variables; i++)
		free(s->variables[i].name);
	free(s->frames);
	free(s->stacks);
	free(s->variables);
	*s = (struct trace_symbols){ .nr_frames = 0 };
}
