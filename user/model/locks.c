// SPDX-License-Identifier: GPL-2.0
/*
 * What a futex word is part of, and who holds it: by the type of the variable that it lies in, else by
 * the function of the C library that the program called. Only then is it known which of the words
 * beside it is the owner's. What neither tells stays a futex without an owner.
 */
#include <errno.h>
#include <linux/futex.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/build.h"

/* glibc's rwlock: where its words are, and its flag for readers that must wait */
#define RWLOCK_PHASE_AT	  8
#define RWLOCK_WRITERS_AT 12
#define RWLOCK_RWAITING	  4u

#define RELOCK_DEPTH	  3 /* cond_wait() > cond_lock() > lock_wait(), which waits */

void lock_begin(struct build *b, struct life *l, const struct oncpu_record *r)
{
	(void)b;
	l->futex = *r;
	l->has_words = false;
	l->futex_stack = NULL;
}

static uint32_t spot_of(const struct trace_stack *s)
{
	return s && s->at >= 0 ? s->frames[s->nr_kernel + (uint32_t)s->at] + 1 : 0;
}

/* STACK, FUTEX_WORDS: what goes with the record before it of the same thread. */
void lock_beside(struct build *b, const struct oncpu_record *r)
{
	struct life *l = r->tid ? life_find(b, r->tid) : NULL;

	if (!l || l->ended)
		return;
	if (r->type == ONCPU_FUTEX_WORDS && l->in_futex) {
		memcpy(l->futex_words, r->futex_words, sizeof(l->futex_words));
		l->has_words = true;
	} else if (r->type == ONCPU_STACK && l->now.state != STATE_RUNNING) {
		if (!l->now.spot)
			l->now.spot = spot_of(trace_stack(b->t, r->stack.id));
	} else if (r->type == ONCPU_STACK && l->in_futex) {
		l->futex_stack = trace_stack(b->t, r->stack.id);
	}
}

static unsigned int op_of(const struct life *l)
{
	return l->futex.flags & ONCPU_FUTEX_CMD_MASK;
}

static bool is_pi(const struct life *l)
{
	return op_of(l) == FUTEX_LOCK_PI || op_of(l) == FUTEX_LOCK_PI2;
}

/* Who has waited for a condition waits for the mutex next, still within the same call. */
static unsigned int kind_by_call(const struct life *l)
{
	const struct trace_stack *s = l->futex_stack;
	uint32_t value = l->futex.futex_wait.value;

	if (!s || s->kind != ONCPU_ULOCK_COND)
		return s ? s->kind : 0;
	if (is_pi(l))
		return ONCPU_ULOCK_MUTEX;
	if (op_of(l) == FUTEX_WAIT && s->at >= RELOCK_DEPTH &&
	    (value == 2 || value & FUTEX_WAITERS))
		return ONCPU_ULOCK_MUTEX;
	return ONCPU_ULOCK_COND;
}

/* How far into the lock the word lies, where its variable does not say. */
static uint64_t depth_of(const struct life *l, unsigned int kind)
{
	uint32_t value = l->futex.futex_wait.value;

	if (kind == ONCPU_ULOCK_BARRIER)
		return l->futex.futex_wait.address % 8; /* current_round is its second word */
	if (kind != ONCPU_ULOCK_RWLOCK)
		return 0;
	if (l->futex.futex_wait.address % 8)
		return RWLOCK_WRITERS_AT;
	return value >= RWLOCK_RWAITING ? 0 : RWLOCK_PHASE_AT;
}

/* FUTEX_WORDS holds those at 8, 12, 16 and 24. */
static uint32_t owner_word(const struct life *l, unsigned int kind, uint64_t depth)
{
	uint32_t value = l->futex.futex_wait.value;

	if (l->futex.flags & ONCPU_FUTEX_OWNER)
		return l->futex.futex_wait.owner;
	if (kind == ONCPU_ULOCK_MUTEX && value & FUTEX_WAITERS)
		return value & FUTEX_TID_MASK;
	if (!l->has_words)
		return 0;
	if (kind == ONCPU_ULOCK_MUTEX)
		return l->futex_words[0];
	if (kind != ONCPU_ULOCK_RWLOCK)
		return 0;
	return l->futex_words[depth == RWLOCK_PHASE_AT ? 2 : depth == RWLOCK_WRITERS_AT ? 1 : 3];
}

/*
 * What the word says is believed only if it names a task that can have taken it: of another process
 * where processes share the lock, and it is known to be one.
 */
static uint32_t believe(const struct build *b, const struct life *l, unsigned int kind,
			uint32_t tid)
{
	const struct life *owner = tid ? life_find(b, tid) : NULL;
	bool shared = kind && !(l->futex.flags & ONCPU_FUTEX_PRIVATE);

	if (!owner || owner->ended || owner->exiting || !l->thread.tgid)
		return 0;
	return shared || owner->thread.tgid == l->thread.tgid ? tid : 0;
}

static size_t slot_of(const struct build *b, const struct model_lock *lock)
{
	size_t mask = b->lock_table_size - 1;
	size_t i = ((lock->address >> 2) * 2654435769u ^ lock->tgid ^ lock->kind) & mask;
	const struct model_lock *other;

	for (; b->lock_table[i]; i = (i + 1) & mask) {
		other = &b->m->locks[b->lock_table[i] - 1];
		if (other->address == lock->address && other->tgid == lock->tgid &&
		    other->kind == lock->kind && !strcmp(other->name, lock->name))
			break;
	}
	return i;
}

static bool grow(struct build *b)
{
	size_t capacity = b->lock_capacity ? 2 * b->lock_capacity : 64, i;
	struct model_lock *bigger = reallocarray(b->m->locks, capacity, sizeof(*bigger));
	uint32_t *table = calloc(2 * capacity, sizeof(*table));

	if (bigger)
		b->m->locks = bigger;
	if (!bigger || !table) {
		free(table);
		b->err = -ENOMEM;
		return false;
	}
	free(b->lock_table);
	b->lock_table = table;
	b->lock_table_size = 2 * capacity;
	b->lock_capacity = capacity;
	for (i = 0; i < b->m->nr_locks; i++)
		b->lock_table[slot_of(b, &b->m->locks[i])] = (uint32_t)i + 1;
	return true;
}

/* One more than its index in model.locks; 0: no memory. */
static uint32_t index_of(struct build *b, const struct model_lock *lock)
{
	size_t slot;

	if (b->m->nr_locks == b->lock_capacity && !grow(b))
		return 0;
	slot = slot_of(b, lock);
	if (!b->lock_table[slot]) {
		b->m->locks[b->m->nr_locks++] = *lock;
		b->lock_table[slot] = (uint32_t)b->m->nr_locks;
	}
	return b->lock_table[slot];
}

/* Names stand in templates, where braces mean something. */
static void no_braces(char *text)
{
	for (text = strpbrk(text, "{}"); text; text = strpbrk(text, "{}"))
		*text = '?';
}

/* l goes to sleep in its futex wait, as i says: for which lock, where, and who holds it. */
void lock_name(struct build *b, struct life *l, struct interval *i, uint64_t time_ns)
{
	const struct trace_variable *v =
		trace_variable(b->t, l->thread.tgid, l->futex_address, time_ns);
	struct model_lock lock = { .tgid = l->thread.tgid, .kind = (uint8_t)kind_by_call(l) };
	uint64_t depth;

	if (v && v->kind)
		lock.kind = v->kind;
	depth = v && v->kind ? l->futex_address - v->base : depth_of(l, lock.kind);
	lock.address = l->futex_address - depth;
	if (v)
		snprintf(lock.name, sizeof(lock.name), "%s", v->name);
	no_braces(lock.name);
	i->spot = lock.spot = spot_of(l->futex_stack);
	i->owner = believe(b, l, lock.kind, owner_word(l, lock.kind, depth));
	i->lock = index_of(b, &lock);
	if (i->lock && !b->m->locks[i->lock - 1].spot)
		b->m->locks[i->lock - 1].spot = i->spot; /* it was held before it was waited for */
	i->in_vain = handoff_in_vain(l, i->lock, lock.kind == ONCPU_ULOCK_MUTEX && !is_pi(l));
}

uint32_t lock_at(struct build *b, struct life *l, const struct oncpu_record *r)
{
	const struct trace_variable *v =
		trace_variable(b->t, l->thread.tgid, r->ulock.address, r->time_ns);
	struct model_lock lock = { .tgid = l->thread.tgid,
				   .kind = r->flags & ~ONCPU_ULOCK_SHARED,
				   .address = r->ulock.address };

	if (v)
		snprintf(lock.name, sizeof(lock.name), "%s", v->name);
	no_braces(lock.name);
	return index_of(b, &lock);
}

static const char *file_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

/* The trace's frames, in words. */
int locks_spots(struct build *b)
{
	const struct trace_symbols *s = &b->t->symbols;
	struct model_spot *spot;
	const struct trace_frame *f;

	b->m->spots = calloc(s->nr_frames + 1, sizeof(*b->m->spots));
	if (!b->m->spots)
		return -ENOMEM;
	b->m->nr_spots = s->nr_frames;
	for (f = s->frames, spot = b->m->spots; f < s->frames + s->nr_frames; f++, spot++) {
		snprintf(spot->function, sizeof(spot->function), "%s", f->function);
		if (f->line)
			snprintf(spot->text, sizeof(spot->text), "%s:%u", file_name(f->file),
				 f->line);
		else
			snprintf(spot->text, sizeof(spot->text), "%s+0x%llx",
				 f->module[0] ? f->module : "?", (unsigned long long)f->offset);
		no_braces(spot->text);
	}
	return 0;
}

struct hold {
	uint32_t lock, owner;
	uint64_t ns;
};

static int by_lock_and_owner(const void *a, const void *b)
{
	const struct hold *x = a, *y = b;

	if (x->lock != y->lock)
		return x->lock < y->lock ? -1 : 1;
	return (x->owner > y->owner) - (x->owner < y->owner);
}

/* Of equals the lowest tid. */
static void name_holders(struct model *m, struct hold *holds, size_t n)
{
	uint64_t most_ns = 0, ns = 0;
	struct model_lock *lock;
	size_t i;

	qsort(holds, n, sizeof(*holds), by_lock_and_owner);
	for (i = 0; i < n; i++) {
		lock = &m->locks[holds[i].lock - 1];
		if (!i || holds[i - 1].lock != holds[i].lock)
			most_ns = ns = 0;
		else if (holds[i - 1].owner != holds[i].owner)
			ns = 0;
		lock->nr_holders += !ns;
		ns += holds[i].ns;
		if (ns > most_ns) {
			most_ns = ns;
			lock->holder = holds[i].owner;
		}
	}
}

/* Adds an interval to its lock's sums; true: and says in *h who held it. */
static bool sum(struct model *m, const struct interval *i, struct hold *h)
{
	uint64_t ns = i->lock ? model_in_span(m, i->start_ns, i->end_ns) : 0;
	struct model_lock *lock = i->lock ? &m->locks[i->lock - 1] : NULL;

	if (!ns)
		return false;
	lock->nr_waits++;
	lock->wait_ns += ns;
	if (ns > lock->longest_ns)
		lock->longest_ns = ns;
	*h = (struct hold){ i->lock, i->owner, ns };
	return i->owner && i->cause == CAUSE_FUTEX;
}

int locks_finish(struct build *b)
{
	struct model *m = b->m;
	const struct thread *t;
	struct hold *holds, unused;
	size_t i, max = 1, n = 0;

	for (t = m->threads; t < m->threads + m->nr_threads; t++)
		for (i = 0; i < t->nr_intervals; i++)
			max += t->intervals[i].lock && t->intervals[i].owner;
	holds = calloc(max, sizeof(*holds));
	if (!holds)
		return -ENOMEM;
	for (t = m->threads; t < m->threads + m->nr_threads; t++)
		for (i = 0; t->target && i < t->nr_intervals; i++)
			if (sum(m, &t->intervals[i], n < max ? &holds[n] : &unused))
				n++;
	if (n)
		name_holders(m, holds, n);
	free(holds);
	return 0;
}
