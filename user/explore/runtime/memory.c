// SPDX-License-Identifier: GPL-2.0
/*
 * Who touched which bytes, with which clock: data races, by happens-before (as FastTrack and
 * ThreadSanitizer find them), and which places threads share. A cell stands for 8 bytes.
 */
#include "runtime.h"

#define NR_ENTRIES    5
#define CELLS_OF_PAGE 64
#define NR_BUCKETS    16384
#define MAX_GRANULES  1024 /* of one access: beyond that only its beginning is looked at */
#define MAX_HELD_SETS 512

struct entry {
	uint8_t mask; /* bytes; 0: free */
	uint8_t is_write : 1, is_atomic : 1;
	uint16_t thread, site, held;
	uint32_t clock;
	uint64_t caller;
};

/* Four bytes: neighbours are often two variables. */
struct half {
	struct access access;
	int16_t owner; /* who alone has touched it, so far */
	uint8_t is_shared, any_write;
};

struct cell {
	struct half half[2];
	uint8_t is_freed;
	struct entry entries[NR_ENTRIES];
};

struct cells {
	uint64_t page;
	struct cells *next;
	struct cell cell[CELLS_OF_PAGE];
};

struct held_set {
	int n;
	struct shared_lock locks[MAX_LOCKS];
};

static struct cells *buckets[NR_BUCKETS];
static struct held_set held_sets[MAX_HELD_SETS];
static int nr_held_sets = 1; /* [0]: none */

static struct cell *cell_at(uint64_t addr, bool make)
{
	static struct cells *pool;
	static int left;
	uint64_t page = addr / (8 * CELLS_OF_PAGE);
	struct cells **b = &buckets[(page * 0x9e3779b97f4a7c15ull >> 40) % NR_BUCKETS], *c;

	for (c = *b; c; c = c->next)
		if (c->page == page)
			return &c->cell[addr / 8 % CELLS_OF_PAGE];
	if (!make)
		return NULL;
	if (!left) {
		left = 64;
		pool = pages((size_t)left * sizeof(*pool));
	}
	c = &pool[--left];
	c->page = page;
	c->next = *b;
	*b = c;
	return &c->cell[addr / 8 % CELLS_OF_PAGE];
}

static struct half *half_at(uint64_t addr, bool make)
{
	struct cell *c = cell_at(addr, make);

	return c ? &c->half[addr / 4 % 2] : NULL;
}

uint64_t memory_version(uint64_t addr)
{
	struct object *o = object_find(addr);
	struct half *h = half_at(addr, false);

	return (o ? o->access.version : 0) + (h ? h->access.version : 0);
}

uint16_t memory_last_writer(const struct op *op)
{
	struct half *h;

	if (op->object)
		return op->object->access.writer;
	h = half_at(op->addr, false);
	return h ? h->access.writer : 0;
}

static uint16_t held_set_of(struct thread *t)
{
	struct held_set now = { .n = 0 };
	int i, k;

	if (!t->nr_held)
		return 0;
	for (i = 0; i < t->nr_held && i < MAX_LOCKS; i++)
		now.locks[now.n++] = (struct shared_lock){ t->held[i].object->addr, t->held[i].pc };
	for (i = 1; i < nr_held_sets; i++) {
		for (k = 0; k < now.n && held_sets[i].locks[k].addr == now.locks[k].addr &&
			    held_sets[i].locks[k].pc == now.locks[k].pc;)
			k++;
		if (k == now.n && held_sets[i].n == now.n)
			return (uint16_t)i;
	}
	if (nr_held_sets == MAX_HELD_SETS)
		return 0;
	held_sets[nr_held_sets] = now;
	return (uint16_t)nr_held_sets++;
}

static bool race_known(uint64_t a, uint64_t b)
{
	uint32_t i;

	for (i = 0; i < shm->nr_findings; i++) {
		const struct shared_finding *f = &shm->findings[i];

		if (f->kind == FOUND_RACE && ((f->place[0].pc == a && f->place[1].pc == b) ||
					      (f->place[0].pc == b && f->place[1].pc == a)))
			return true;
	}
	return false;
}

static void report_race(struct thread *t, const struct entry *e)
{
	uint64_t before = shm->sites[e->site].pc;
	struct shared_finding *f;
	struct shared_place *p;
	int i;

	if (race_known(t->op.pc, before) || shm->nr_findings == MAX_FINDINGS)
		return;
	f = &shm->findings[shm->nr_findings++];
	*f = (struct shared_finding){ .kind = FOUND_RACE };
	place_fill(&f->place[0], t, t->op.kind, t->op.addr, t->op.size, t->op.pc);
	p = &f->place[1];
	*p = (struct shared_place){
		.pc = before, .addr = t->op.addr, .thread = e->thread, .size = t->op.size
	};
	p->op = e->is_atomic ? (e->is_write ? OP_ATOMIC_UPDATE : OP_ATOMIC_READ)
			     : (e->is_write ? OP_WRITE : OP_READ);
	p->callers[0] = e->caller;
	for (i = 0; i < held_sets[e->held].n; i++)
		p->locks[p->nr_locks++] = held_sets[e->held].locks[i];
}

/* Keeps the entries that can still race with something later. */
static void remember(struct thread *t, struct cell *c, struct entry now)
{
	struct entry *e, *place = NULL;

	for (e = c->entries; e < c->entries + NR_ENTRIES; e++) {
		if (e->mask && e->thread == now.thread && e->is_atomic == now.is_atomic &&
		    (e->is_write == now.is_write || now.is_write) && !(e->mask & ~now.mask)) {
			place = e;
			break;
		}
		if (!e->mask ||
		    (!place && e->clock <= t->clock[e->thread] && (now.is_write || !e->is_write)))
			place = e;
	}
	if (!place)
		place = &c->entries[(now.clock + now.thread) % NR_ENTRIES];
	*place = now;
}

static void check_races(struct thread *t, struct cell *c, struct entry now)
{
	struct entry *e;

	for (e = c->entries; e < c->entries + NR_ENTRIES; e++) {
		if (!(e->mask & now.mask) || e->thread == now.thread)
			continue;
		if ((e->is_write || now.is_write) && !(e->is_atomic && now.is_atomic) &&
		    e->clock > t->clock[e->thread])
			report_race(t, e);
	}
}

/* Two threads come here, and one of them writes: from now on the lines that do are worth a choice. */
static void note_sharing(struct thread *t, struct cell *c, struct half *h, const struct entry *now)
{
	struct entry *e;

	if (h->owner == 0)
		h->owner = (int16_t)(t->id + 1);
	h->any_write |= now->is_write;
	if (!h->is_shared && (h->owner == t->id + 1 || !h->any_write))
		return;
	h->is_shared = 1;
	site_mark_shared(now->site);
	for (e = c->entries; e < c->entries + NR_ENTRIES; e++) {
		if (!(e->mask & now->mask))
			continue;
		site_mark_shared(e->site);
		if (e->thread == now->thread)
			continue;
		if (e->is_write)
			pairs_could(e->site, now->site);
		if (now->is_write)
			pairs_could(now->site, e->site);
	}
}

static void wrote_halves(struct thread *t, struct cell *c, uint8_t mask)
{
	if (mask & 0x0f)
		pairs_wrote(t, &c->half[0].access);
	if (mask & 0xf0)
		pairs_wrote(t, &c->half[1].access);
}

static void access_granule(struct thread *t, uint64_t addr, uint8_t mask, bool first)
{
	struct cell *c = cell_at(addr, true);
	struct half *h = &c->half[addr / 4 % 2];
	int kind = t->op.kind;
	struct entry now = { .mask = mask,
			     .is_write = kind != OP_READ && kind != OP_ATOMIC_READ,
			     .is_atomic = kind >= OP_ATOMIC_READ && kind <= OP_ATOMIC_UPDATE,
			     .thread = (uint16_t)t->id,
			     .site = t->op.site,
			     .held = held_set_of(t),
			     .clock = t->clock[t->id] };

	if (t->nr_calls > 1)
		now.caller = t->calls[(t->nr_calls < MAX_CALLS ? t->nr_calls : MAX_CALLS) - 1];
	if (c->is_freed)
		fail_freed(t, addr);
	check_races(t, c, now);
	if (nr_threads > 1) {
		note_sharing(t, c, h, &now);
		remember(t, c, now);
	}
	if (h->is_shared && first && kind != OP_WRITE && kind != OP_ATOMIC_WRITE)
		pairs_read(t, &h->access);
	if (now.is_write && kind != OP_ATOMIC_UPDATE)
		wrote_halves(t, c, mask); /* an update tells itself whether it changed anything */
}

/* The thread's own variable: nobody else has come here so far, and it writes here itself. */
static bool is_own(struct thread *t, uint64_t addr)
{
	const struct half *h = half_at(addr, false);

	return h && !h->is_shared && h->any_write && h->owner == t->id + 1;
}

void memory_access(struct thread *t, int kind, uint64_t addr, int size, uint64_t pc)
{
	uint64_t at = addr, end = addr + (uint64_t)size;
	int n = 0;

	if (nr_threads == 1)
		return; /* before all threads: nobody can notice */
	op_set(t, kind, addr, size > 0xffff ? 0xffff : size, pc);
	point(t);
	if (t->op.decide)
		profile_count(t);
	for (; at < end && n < MAX_GRANULES; n++) {
		uint64_t next = (at | 7) + 1 < end ? (at | 7) + 1 : end;
		unsigned mask = ((1u << (next - at)) - 1) << (at & 7);

		access_granule(t, at, (uint8_t)mask, !n);
		at = next;
	}
	if (is_own(t, addr))
		return;
	if (kind == OP_READ || kind == OP_ATOMIC_READ)
		spin_read(t, memory_version(addr));
	else if (kind != OP_ATOMIC_UPDATE)
		spin_changed(t);
}

void memory_changed(struct thread *t, uint64_t addr)
{
	pairs_wrote(t, &half_at(addr, true)->access);
	spin_changed(t);
}

/* What a release left at an atomic variable; the same address may be a futex's object, too. */
uint32_t **memory_clock(uint64_t addr)
{
	uint64_t key = addr | 1ull << 63;
	struct object *o = object_find(key);

	return &(o ? o : object_new((void *)(uintptr_t)key, OBJECT_ATOMIC))->clock;
}

/* A freed block is not used again in this run, so whoever still touches it is found. */
void memory_freed(uint64_t addr, uint64_t size)
{
	uint64_t at, end = addr + (size < 8ul * MAX_GRANULES ? size : 8ul * MAX_GRANULES);

	for (at = addr; at < end; at += 8)
		cell_at(at, true)->is_freed = 1;
}

void memory_fresh(uint64_t addr, uint64_t size)
{
	uint64_t at;
	struct cell *c;

	for (at = addr; at < addr + size; at += 8) {
		c = cell_at(at, false);
		if (c)
			fill_bytes(c, 0, sizeof(*c));
	}
}
