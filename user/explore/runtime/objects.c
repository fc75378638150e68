// SPDX-License-Identifier: GPL-2.0
/*
 * What the program synchronises with: mutexes, semaphores and so on. Their state is kept here, by
 * address; the program's own memory of them is left alone, but for a mark on what was destroyed.
 */
#include "runtime.h"

#define NR_BUCKETS 4096
#define DESTROYED  0x64657374726f7921ull

struct link;
static struct link *buckets[NR_BUCKETS];
static uint32_t nr_objects;

struct link {
	struct object object;
	struct link *next;
};

static struct link **bucket_of(uint64_t addr)
{
	return &buckets[(addr * 0x9e3779b97f4a7c15ull >> 40) % NR_BUCKETS];
}

struct object *object_find(uint64_t addr)
{
	struct link *l;

	for (l = *bucket_of(addr); l; l = l->next)
		if (l->object.addr == addr)
			return &l->object;
	return NULL;
}

struct object *object_new(const void *memory, enum object_kind kind)
{
	static struct link *pool;
	static int left;
	uint64_t addr = (uint64_t)(uintptr_t)memory;
	struct object *o = object_find(addr);
	struct link **b = bucket_of(addr), *l;

	if (!o) {
		if (!left) {
			left = 128;
			pool = pages((size_t)left * sizeof(*pool));
		}
		l = &pool[--left];
		l->next = *b;
		*b = l;
		o = &l->object;
	}
	*o = (struct object){
		.addr = addr, .kind = (uint8_t)kind, .owner = NOBODY, .id = ++nr_objects
	};
	return o;
}

/* A static initialiser over what was destroyed makes it new: then the mark is gone. */
static bool is_marked(const void *memory)
{
	uint64_t mark;

	copy_bytes(&mark, memory, sizeof(mark));
	return mark == DESTROYED;
}

struct object *object_of(struct thread *t, const void *memory, enum object_kind kind, uint64_t pc)
{
	struct object *o = object_find((uint64_t)(uintptr_t)memory);

	if (!o || o->kind != kind)
		return object_new(memory, kind);
	if (!o->destroyed)
		return o;
	if (kind != OBJECT_SPIN && !is_marked(memory))
		return object_new(memory, kind);
	fail_about(FOUND_USE_DESTROYED, t, o, pc);
}

void object_destroy(struct thread *t, struct object *o, void *memory, uint64_t pc)
{
	static const uint64_t mark = DESTROYED;

	(void)t;
	object_tried();
	o->destroyed = 1;
	o->pc = pc;
	if (o->kind != OBJECT_SPIN)
		copy_bytes(memory, &mark, sizeof(mark));
}

/* Memory that was given back holds no objects any more. */
void object_forget(uint64_t addr, uint64_t size)
{
	struct link *l;
	int i;

	if (!nr_objects)
		return;
	for (i = 0; i < NR_BUCKETS; i++)
		for (l = buckets[i]; l; l = l->next)
			if (l->object.addr - addr < size)
				l->object.addr = 1; /* found by nobody */
}

void object_announce(struct thread *t, int kind, struct object *o, uint64_t pc)
{
	op_set(t, kind, o->addr, 0, pc);
	t->op.object = o;
}

void object_tried(void)
{
	if (nr_threads > 1)
		shm->locks_tried = 1;
}

void object_point(struct thread *t)
{
	point(t);
	if (t->op.decide)
		profile_count(t);
	if (t->op.kind != OP_UNLOCK)
		pairs_sync(t, t->op.object);
}

void object_op(struct thread *t, int kind, struct object *o, bool (*ready)(struct thread *t),
	       uint64_t deadline_ns, uint64_t pc)
{
	object_announce(t, kind, o, pc);
	t->op.ready = ready;
	t->op.deadline_ns = deadline_ns;
	object_point(t);
	t->timed_out = false;
}
