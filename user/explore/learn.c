// SPDX-License-Identifier: GPL-2.0
#include "explore/learn.h"

#include <stddef.h>

static int pair_of(struct learned *l, const struct shared_pair *p)
{
	uint32_t i;

	for (i = 0; i < l->nr_pairs; i++)
		if (l->pairs[i].writer == p->writer && l->pairs[i].reader == p->reader &&
		    l->pairs[i].nr_readers == p->nr_readers)
			return (int)i;
	if (l->nr_pairs == LEARN_PAIRS)
		return -1;
	l->pairs[l->nr_pairs] = (struct learned_pair){ p->writer, p->reader, p->nr_readers, 0, 0 };
	return (int)l->nr_pairs++;
}

static void more(uint16_t *n)
{
	if (*n < UINT16_MAX)
		(*n)++;
}

static void learn_pairs(struct learned *l, const struct shared *s)
{
	uint16_t seen[LEARN_PAIRS];
	uint32_t nr_seen = 0, i, k;
	int pair;

	for (i = 0; i < s->nr_pairs; i++) {
		pair = pair_of(l, &s->pairs[i]);
		if (pair < 0 || !s->pairs[i].observed)
			continue;
		l->pairs[pair].seen++;
		if (nr_seen < LEARN_PAIRS)
			seen[nr_seen++] = (uint16_t)pair;
	}
	for (i = 0; i < nr_seen; i++)
		for (k = 0; k < nr_seen; k++)
			more(&l->together[seen[i]][seen[k]]);
}

static struct learned_place *place_of(struct learned *l, uint64_t addr)
{
	uint32_t i;

	for (i = 0; i < l->nr_places; i++)
		if (l->places[i].addr == addr)
			return &l->places[i];
	if (l->nr_places == MAX_PROFILE)
		return NULL;
	l->places[l->nr_places] = (struct learned_place){ addr, 0, 0 };
	return &l->places[l->nr_places++];
}

static void learn_count(struct learned *l, const struct shared_count *c)
{
	struct learned_place *p;
	uint32_t i;

	for (i = 0; i < l->nr_counts; i++) {
		if (l->counts[i].addr != c->addr || l->counts[i].name != c->name)
			continue;
		if (l->counts[i].count < c->count)
			l->counts[i].count = c->count;
		return;
	}
	p = place_of(l, c->addr);
	if (!p || l->nr_counts == sizeof(l->counts) / sizeof(l->counts[0]))
		return;
	p->nr_names++;
	l->counts[l->nr_counts++] = *c;
}

static void learn_name(struct learned *l, uint32_t name, uint32_t parent)
{
	uint32_t i;

	for (i = 0; i < l->nr_names; i++)
		if (l->names[i].name == name)
			return;
	if (l->nr_names == MAX_THREADS)
		return;
	l->names[l->nr_names].name = name;
	l->names[l->nr_names++].parent = parent;
}

void learn_from(struct learned *l, const struct shared *s)
{
	uint32_t i;

	l->nr_runs++;
	for (i = 0; i < s->nr_threads && i < MAX_THREADS; i++) {
		const struct shared_thread *t = &s->threads[i];

		learn_name(l, t->name,
			   t->parent >= 0 && t->parent < MAX_THREADS ? s->threads[t->parent].name
								     : 0);
	}
	for (i = 0; i < s->nr_profile && i < MAX_PROFILE; i++)
		learn_count(l, &s->profile[i]);
	if (s->nr_choices > l->max_choices)
		l->max_choices = s->nr_choices;
	learn_pairs(l, s);
}

static void add_count(struct shared *s, uint32_t name, uint32_t count)
{
	uint32_t i;

	for (i = 0; i < s->nr_counts; i++)
		if (s->counts[i].name == name) {
			s->counts[i].count += count;
			return;
		}
	if (s->nr_counts < MAX_THREADS)
		s->counts[s->nr_counts++] = (struct shared_count){ 0, name, count };
}

static uint32_t parent_of(const struct learned *l, uint32_t name)
{
	uint32_t i;

	for (i = 0; i < l->nr_names; i++)
		if (l->names[i].name == name)
			return l->names[i].parent;
	return 0;
}

void learn_counts(const struct learned *l, uint64_t addr, struct shared *s)
{
	uint32_t i, name;

	s->nr_counts = 0;
	for (i = 0; i < l->nr_counts; i++) {
		if (l->counts[i].addr != addr)
			continue;
		for (name = l->counts[i].name; name; name = parent_of(l, name))
			add_count(s, name, l->counts[i].count);
	}
}

static void add_rival(struct shared_constraint *c, uint16_t site)
{
	int i;

	for (i = 0; i < c->nr_rivals; i++)
		if (c->rivals[i] == site)
			return;
	if (site && c->nr_rivals < MAX_RIVALS)
		c->rivals[c->nr_rivals++] = site;
}

void learn_rivals(const struct learned *l, const struct learned_pair *p,
		  struct shared_constraint *c)
{
	uint32_t i;

	*c = (struct shared_constraint){ p->writer, p->reader, p->nr_readers, 0, { 0 } };
	for (i = 0; i < l->nr_pairs; i++)
		if (l->pairs[i].reader == p->reader)
			add_rival(c, l->pairs[i].writer);
}
