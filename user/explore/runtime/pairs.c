// SPDX-License-Identifier: GPL-2.0
/*
 * What a run teaches the explorer: which line read what which line wrote, which could have, and how
 * often each thread came to each place.
 */
#include "runtime.h"

#define PAIR_SLOTS    (2 * MAX_PAIRS)
#define PROFILE_SLOTS (4 * MAX_PROFILE)

static uint16_t pair_slots[PAIR_SLOTS], profile_slots[PROFILE_SLOTS];

static struct shared_pair *pair_of(uint16_t writer, uint16_t reader, uint16_t nr_readers)
{
	uint64_t key = (uint64_t)writer << 32 | (uint64_t)reader << 8 | nr_readers;
	uint32_t i = (uint32_t)(key * 0x9e3779b97f4a7c15ull >> 40) % PAIR_SLOTS;
	struct shared_pair *p;

	for (; pair_slots[i]; i = (i + 1) % PAIR_SLOTS) {
		p = &shm->pairs[pair_slots[i] - 1];
		if (p->writer == writer && p->reader == reader && p->nr_readers == nr_readers)
			return p;
	}
	if (shm->nr_pairs == MAX_PAIRS)
		return NULL;
	p = &shm->pairs[shm->nr_pairs++];
	pair_slots[i] = (uint16_t)shm->nr_pairs;
	*p = (struct shared_pair){ writer, reader, nr_readers, 0 };
	return p;
}

static void observe(uint16_t writer, uint16_t reader, uint16_t nr_readers)
{
	struct shared_pair *p = reader ? pair_of(writer, reader, nr_readers) : NULL;

	if (p)
		p->observed = 1;
}

void pairs_read(struct thread *t, struct access *a)
{
	if (a->reader != t->id + 1 && a->times_read < 2)
		a->times_read++;
	a->reader = (int16_t)(t->id + 1);
	observe(a->writer, t->op.site, 1);
	if (a->times_read == 2)
		observe(a->writer, t->op.site, 2);
}

void pairs_wrote(struct thread *t, struct access *a)
{
	a->version++;
	if (nr_live > 1)
		a->writer = t->op.site;
	a->by = (int16_t)t->id;
	a->reader = 0;
	a->times_read = 0;
}

void pairs_could(uint16_t writer, uint16_t reader)
{
	if (!reader)
		return;
	pair_of(writer, reader, 1);
	pair_of(0, reader, 1);
}

/* An operation on an object reads it and changes it. */
void pairs_sync(struct thread *t, struct object *o)
{
	int i;

	if (nr_live < 2)
		return;
	for (i = 0; i < 4 && o->sites[i] && o->sites[i] != t->op.site;)
		i++;
	if (i < 4)
		o->sites[i] = t->op.site;
	for (i = 0; i < 4 && o->sites[i]; i++) {
		pairs_could(o->sites[i], t->op.site);
		pairs_could(t->op.site, o->sites[i]);
	}
	pairs_read(t, &o->access);
	pairs_wrote(t, &o->access);
}

void profile_count(struct thread *t)
{
	uint32_t i =
		(uint32_t)((t->op.addr ^ (uint64_t)t->name << 20) * 0x9e3779b97f4a7c15ull >> 40) %
		PROFILE_SLOTS;
	struct shared_count *c;

	for (; profile_slots[i]; i = (i + 1) % PROFILE_SLOTS) {
		c = &shm->profile[profile_slots[i] - 1];
		if (c->addr == t->op.addr && c->name == t->name) {
			c->count++;
			return;
		}
	}
	if (shm->nr_profile == MAX_PROFILE)
		return;
	c = &shm->profile[shm->nr_profile++];
	profile_slots[i] = (uint16_t)shm->nr_profile;
	*c = (struct shared_count){ t->op.addr, t->name, 1 };
}
