// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <jansson.h>
#include <search.h>
#include <stdlib.h>
#include <string.h>

#include "record/calls.h"
#include "record/frames.h"
#include "record/names.h"
#include "record/symbols.h"
#include "record/unwind.h"

#define MOST_STACKS 50000 /* what is beyond stays without frames: the chunk must not burst */
#define MOST_WAITS  50000
#define MOST_EVENTS 200000u /* of address spaces, where it goes on for hours: some 30 MB */

struct seen_stack {
	uint64_t id, time_ns, last_ns;
	uint32_t tid;
	unsigned int nr_kernel, n, nr_got;
	uint64_t *entries;
};

struct seen_wait {
	uint32_t tid;
	uint64_t address, first_ns, last_ns;
};

struct symbols {
	struct maps *maps;
	void *stacks, *waits; /* tsearch's trees */
	size_t nr_stacks, nr_waits;
	struct seen_stack *now[TRACE_NR_SOURCES][TRACE_MAX_CPUS]; /* whose FRAMES come */
	int err;
	uint64_t since_ns; /* from here on: while the chunk is made */
	struct frames *frames;
	struct names *names;
	json_t *stack_list, *variable_list;
};

static int by_id(const void *a, const void *b)
{
	const struct seen_stack *x = a, *y = b;

	return (x->id > y->id) - (x->id < y->id);
}

static int by_waiter(const void *a, const void *b)
{
	const struct seen_wait *x = a, *y = b;

	if (x->address != y->address)
		return x->address < y->address ? -1 : 1;
	return (x->tid > y->tid) - (x->tid < y->tid);
}

int symbols_open(struct symbols **out)
{
	struct symbols *s = calloc(1, sizeof(*s));
	int err;

	*out = s;
	if (!s)
		return -ENOMEM;
	err = maps_open(&s->maps);
	if (!err)
		return 0;
	symbols_close(s);
	*out = NULL;
	return err;
}

static struct seen_stack *new_stack(const struct oncpu_record *r)
{
	struct seen_stack *stack = calloc(1, sizeof(*stack));

	if (!stack)
		return NULL;
	stack->id = r->stack.id;
	stack->tid = r->tid;
	stack->time_ns = stack->last_ns = r->time_ns;
	stack->nr_kernel = r->stack.nr_kernel;
	stack->n = r->stack.nr_kernel + r->stack.nr_user;
	stack->entries = calloc(stack->n + 1, sizeof(*stack->entries));
	return stack;
}

static void see_stack(struct symbols *s, struct seen_stack **now, const struct oncpu_record *r)
{
	struct seen_stack key = { .id = r->stack.id }, *stack, **found;

	found = tfind(&key, &s->stacks, by_id);
	*now = found ? *found : NULL;
	if (*now)
		(*now)->last_ns = r->time_ns;
	if (*now && (*now)->nr_got < (*now)->n)
		(*now)->nr_got = 0; /* some were lost: perhaps they come again */
	if (*now || s->nr_stacks == MOST_STACKS)
		return;
	stack = new_stack(r);
	found = stack && stack->entries ? tsearch(stack, &s->stacks, by_id) : NULL;
	if (!found) {
		s->err = -ENOMEM;
		return;
	}
	s->nr_stacks++;
	*now = stack;
}

/* In order and without a gap, or not at all. */
static void see_frames(struct seen_stack *stack, const struct oncpu_record *r)
{
	unsigned int at = 2u * r->flags, i;

	if (!stack || stack->tid != r->tid || stack->nr_got != at)
		return;
	for (i = 0; i < 2 && at + i < stack->n; i++)
		stack->entries[stack->nr_got++] = r->frames[i];
}

static void see_wait(struct symbols *s, const struct oncpu_record *r)
{
	struct seen_wait key = { .tid = r->tid, .address = r->futex_wait.address }, *wait, **found;

	found = tfind(&key, &s->waits, by_waiter);
	if (found) {
		if (r->time_ns > (*found)->last_ns)
			(*found)->last_ns = r->time_ns;
		return;
	}
	if (s->nr_waits == MOST_WAITS)
		return;
	wait = malloc(sizeof(*wait));
	if (wait)
		*wait = (struct seen_wait){ r->tid, r->futex_wait.address, r->time_ns, r->time_ns };
	if (!wait || !tsearch(wait, &s->waits, by_waiter))
		s->err = -ENOMEM;
	s->nr_waits++;
}

void symbols_see(void *symbols, enum trace_source source, unsigned int cpu,
		 const struct oncpu_record *r, uint32_t n)
{
	struct symbols *s = symbols;
	const struct oncpu_record *end = r + n;

	for (; r < end && !s->err; r++) {
		if (r->type == ONCPU_STACK)
			see_stack(s, &s->now[source][cpu], r);
		else if (r->type == ONCPU_FRAMES)
			see_frames(s->now[source][cpu], r);
		else if (r->type == ONCPU_FUTEX_WAIT || r->type == ONCPU_ULOCK_RELEASE)
			see_wait(s, r); /* both begin with the address */
	}
}

void symbols_drain(struct symbols *s)
{
	maps_drain(s->maps);
}

/* Who still waits there is seen again; who runs still is read again. */
void symbols_bound(struct symbols *s)
{
	if (s->nr_waits == MOST_WAITS) {
		tdestroy(s->waits, free);
		s->waits = NULL;
		s->nr_waits = 0;
	}
	if (maps_held(s->maps) > MOST_EVENTS)
		maps_renew(s->maps);
}

static json_t *hex(uint64_t value)
{
	return json_sprintf("0x%llx", (unsigned long long)value);
}

/* The call into the C library that led here: the frame that made it, or 0. */
static size_t find_call(struct space *space, const struct unwound *u, unsigned int *kind)
{
	Dwfl *dwfl = unwind_files(space);
	size_t i, at = 0;
	const char *name;

	for (i = 1; i < u->n; i++) {
		name = call_target(dwfl, u->pc[i]);
		if (name && call_kind(name)) {
			at = i;
			*kind = call_kind(name);
		}
		/* The program's own code from here on, with a name that may mean anything. */
		if (!frames_in_library(space, u->pc[i] - 1))
			break;
	}
	return at;
}

static size_t first_of_program(struct space *space, const struct unwound *u)
{
	size_t i = 0;

	while (i < u->n && frames_in_library(space, u->pc[i] - (i > 0)))
		i++;
	return i;
}

static void add_user(struct symbols *s, json_t *object, struct space *space,
		     const struct seen_stack *stack)
{
	json_t *list = json_array();
	struct unwound u;
	unsigned int kind = 0;
	size_t i, at;

	unwind(space, stack->entries + stack->nr_kernel, stack->n - stack->nr_kernel, &u);
	for (i = 0; i < u.n; i++)
		json_array_append_new(list,
				      json_integer(frames_user(s->frames, space, u.pc[i], i > 0)));
	at = find_call(space, &u, &kind);
	if (!at)
		at = first_of_program(space, &u);
	json_object_set_new(object, "user", list);
	json_object_set_new(object, "whole", json_boolean(u.whole));
	if (kind)
		json_object_set_new(object, "kind", json_string(trace_lock_name(kind)));
	if (at < u.n)
		json_object_set_new(object, "at", json_integer((json_int_t)at));
}

static void add_stack(struct symbols *s, const struct seen_stack *stack)
{
	struct space *space = maps_space(s->maps, stack->tid, stack->time_ns);
	json_t *object, *kernel;
	unsigned int i;

	if (stack->nr_got < stack->n || !stack->n)
		return; /* lost: it is unknown */
	if (stack->last_ns < s->since_ns)
		return;
	object = json_pack("{s:o}", "id", hex(stack->id));
	if (stack->nr_kernel) {
		kernel = json_array();
		for (i = 0; i < stack->nr_kernel; i++)
			json_array_append_new(
				kernel, json_integer(frames_kernel(s->frames, stack->entries[i])));
		json_object_set_new(object, "kernel", kernel);
	}
	if (space && stack->n > stack->nr_kernel)
		add_user(s, object, space, stack);
	json_array_append_new(s->stack_list, object);
}

static uint64_t space_end(struct symbols *s, const struct space *space)
{
	size_t n;
	const struct space *spaces = maps_spaces(s->maps, &n), *i;

	for (i = space + 1; i < spaces + n; i++)
		if (i->tgid == space->tgid)
			return i->since_ns;
	return INT64_MAX;
}

static void add_variable(struct symbols *s, uint64_t address, struct space *space)
{
	struct variable v;
	json_t *object;

	if (!space)
		return;
	names_find(s->names, unwind_files(space), address, &v);
	if (!v.name[0])
		return;
	object = json_pack("{s:I, s:I, s:I, s:o, s:s}", "tgid", (json_int_t)space->tgid, "from_ns",
			   (json_int_t)space->since_ns, "to_ns", (json_int_t)space_end(s, space),
			   "address", hex(address), "name", v.name);
	if (object && v.kind) {
		json_object_set_new(object, "kind", json_string(trace_lock_name(v.kind)));
		json_object_set_new(object, "base", hex(v.base));
	}
	json_array_append_new(s->variable_list, object);
}

static void stack_node(const void *node, VISIT visit, void *arg)
{
	if (visit == postorder || visit == leaf)
		add_stack(arg, *(const struct seen_stack *const *)node);
}

/* Threads of one process share its variables: the reader may see one twice, which does no harm. */
static void wait_node(const void *node, VISIT visit, void *arg)
{
	const struct seen_wait *w = *(const struct seen_wait *const *)node;
	struct symbols *s = arg;
	struct space *first, *last;

	if ((visit != postorder && visit != leaf) || w->last_ns < s->since_ns)
		return;
	first = maps_space(s->maps, w->tid, w->first_ns);
	last = maps_space(s->maps, w->tid, w->last_ns);
	add_variable(s, w->address, first);
	if (last != first)
		add_variable(s, w->address, last);
}

static void forget_made(struct symbols *s)
{
	struct space *spaces;
	size_t i, n = 0;

	spaces = s->maps ? maps_spaces(s->maps, &n) : NULL;
	names_free(s->names);
	frames_free(s->frames);
	for (i = 0; i < n; i++)
		unwind_close(&spaces[i]);
	json_decref(s->stack_list);
	json_decref(s->variable_list);
	s->names = NULL;
	s->frames = NULL;
	s->stack_list = s->variable_list = NULL;
}

static int make(struct symbols *s, char **json)
{
	json_t *root;

	s->frames = frames_new();
	s->names = names_new();
	s->stack_list = json_array();
	s->variable_list = json_array();
	if (!s->frames || !s->names)
		return -ENOMEM;
	twalk_r(s->stacks, stack_node, s);
	twalk_r(s->waits, wait_node, s);
	root = json_pack("{s:o, s:O, s:O}", "frames", frames_json(s->frames), "stacks",
			 s->stack_list, "variables", s->variable_list);
	*json = root ? json_dumps(root, JSON_COMPACT) : NULL;
	json_decref(root);
	return *json ? 0 : -ENOMEM;
}

int symbols_finish(struct symbols *s, uint64_t since_ns, char **json)
{
	int err;

	maps_drain(s->maps);
	err = s->err ? s->err : maps_finish(s->maps);
	s->since_ns = since_ns;
	if (!err)
		err = make(s, json);
	forget_made(s);
	return err;
}

static void free_stack(void *stack)
{
	free(((struct seen_stack *)stack)->entries);
	free(stack);
}

void symbols_close(struct symbols *s)
{
	if (!s)
		return;
	forget_made(s);
	maps_close(s->maps);
	tdestroy(s->stacks, free_stack);
	tdestroy(s->waits, free);
	free(s);
}
