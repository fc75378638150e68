// SPDX-License-Identifier: GPL-2.0
/*
 * CPUs: who is on each. A switch says who leaves and who comes, and every record says who is there,
 * so a record that is missing shows at the next one, and what lies between is left open.
 */
#include <errno.h>
#include <stdlib.h>

#include "model/build.h"

static void append(struct build *b, unsigned int cpu, const struct cpu_interval *i)
{
	struct cpu *c = &b->m->cpus[cpu];
	struct place *p = &b->places[cpu];
	struct cpu_interval *bigger;
	size_t capacity = p->capacity ? 2 * p->capacity : 64;

	if (c->nr_intervals == p->capacity) {
		bigger = reallocarray(c->intervals, capacity, sizeof(*bigger));
		if (!bigger) {
			b->err = -ENOMEM;
			return;
		}
		c->intervals = bigger;
		p->capacity = capacity;
	}
	c->intervals[c->nr_intervals++] = *i;
}

static void close_now(struct build *b, unsigned int cpu, uint64_t time_ns)
{
	struct place *p = &b->places[cpu];

	if (!p->known || p->now.start_ns == time_ns)
		return;
	p->now.end_ns = time_ns;
	append(b, cpu, &p->now);
}

static void open_next(struct build *b, unsigned int cpu, struct life *l, uint64_t time_ns)
{
	struct place *p = &b->places[cpu];

	b->nr_blind -= p->blind;
	p->blind = false;
	p->known = true;
	p->life = l;
	p->seen_ns = time_ns;
	p->now = (struct cpu_interval){ .start_ns = time_ns };
	if (l) {
		p->now.tid = l->thread.tid;
		p->now.target = l->thread.target;
	}
}

/* Who was there since the last record is unknown. Returns who was until then, if that is told. */
static struct life *empty(struct build *b, unsigned int cpu)
{
	struct place *p = &b->places[cpu];
	struct life *l = p->life;

	if (!p->known)
		return NULL;
	close_now(b, cpu, p->seen_ns);
	p->known = false;
	p->life = NULL;
	if (!l || l->ended || l->now.state != STATE_RUNNING || l->now.cpu != (int)cpu)
		return NULL;
	return l;
}

/* Whom we thought there is not there. */
static void forget(struct build *b, unsigned int cpu)
{
	struct life *l = empty(b, cpu);

	if (l && l->exiting)
		life_end(b, l, l->seen.ns);
	else if (l)
		life_forget(b, l);
}

static void blind(struct build *b, unsigned int cpu, uint64_t lost_ns)
{
	struct place *p = &b->places[cpu];
	struct life *l = empty(b, cpu);

	if (l)
		life_forget(b, l); /* also one that is about to end: when is not known */
	b->nr_blind += !p->blind;
	p->blind = true;
	p->waking = 0;
	p->lost_ns = lost_ns;
}

/* Until here the last record holds: the first that is missing is of this instant. */
void place_gap_begins(struct build *b, const struct gap *g)
{
	struct place *p = &b->places[g->cpu];

	if (!p->nr_gaps++) { /* else its records of the gap's first instant, not more */
		p->seen_ns = g->start_ns;
		if (p->known && p->life)
			p->life->seen = moment(b, g->start_ns);
	}
	blind(b, g->cpu, UINT64_MAX);
}

void place_gap_ends(struct build *b, unsigned int cpu, uint64_t time_ns)
{
	blind(b, cpu, time_ns);
	b->places[cpu].nr_gaps--;
	b->nr_ended++;
}

/* A record contradicts what we thought the thread does. */
void place_lose(struct build *b, struct life *l)
{
	if (l->now.state == STATE_RUNNING)
		forget(b, (unsigned int)l->now.cpu);
	if (!l->ended)
		life_forget(b, l);
}

/* The thread is found on a CPU although no switch has brought it there. */
static struct life *found(struct build *b, uint32_t tid, uint64_t time_ns)
{
	struct life *l = life_get(b, tid, time_ns);

	if (!l)
		return NULL;
	life_doubt(b, l, time_ns, STATE_UNKNOWN);
	place_lose(b, l);
	return l->ended ? life_new(b, tid, time_ns) : l;
}

/* Whoever the first record after a gap is of was there since the gap: no switch was lost since. */
static uint64_t since(const struct place *p, const struct life *l, uint64_t time_ns)
{
	if (!p->blind || p->lost_ns > time_ns)
		return time_ns;
	if (l && l->now.state != STATE_UNKNOWN)
		return time_ns;
	return l && l->now.start_ns > p->lost_ns ? l->now.start_ns : p->lost_ns;
}

/* A record of cpu says that tid is there. Returns its life; NULL: idle, or no memory. */
struct life *place_check(struct build *b, unsigned int cpu, uint32_t tid, uint64_t time_ns)
{
	struct place *p = &b->places[cpu];
	struct life *l = NULL;
	uint64_t from_ns;

	if (!p->known || p->now.tid != tid) {
		forget(b, cpu);
		if (tid) {
			l = found(b, tid, time_ns);
			if (!l)
				return NULL;
		}
		from_ns = since(p, l, time_ns);
		if (l)
			life_turn(b, l, from_ns, wait_running(l, cpu));
		open_next(b, cpu, l, from_ns);
	}
	p->seen_ns = time_ns;
	if (p->life)
		p->life->seen = moment(b, time_ns);
	return p->life;
}

/* A switch brings tid to cpu; whoever was there has left. */
void place_arrive(struct build *b, unsigned int cpu, uint32_t tid, uint64_t time_ns)
{
	struct life *l = NULL;

	close_now(b, cpu, time_ns);
	b->places[cpu].known = false;
	b->places[cpu].life = NULL;
	if (tid) {
		l = life_get(b, tid, time_ns);
		if (l)
			life_doubt(b, l, time_ns, STATE_RUNNABLE);
		if (l && l->now.state == STATE_RUNNING)
			l = found(b, tid, time_ns);
		if (!l)
			return;
		life_turn(b, l, time_ns, wait_running(l, cpu));
		life_own(b, l, time_ns);
	}
	open_next(b, cpu, l, time_ns);
}

void places_finish(struct build *b)
{
	unsigned int cpu;

	for (cpu = 0; cpu < b->m->nr_cpus; cpu++)
		close_now(b, cpu, b->m->end_ns);
}
