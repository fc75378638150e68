// SPDX-License-Identifier: GPL-2.0
/* Lanes of what happens now: see live.h. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "view/live.h"

#define LABEL 20 /* columns */

static uint64_t number_of(const struct live *l, uint64_t time_ns)
{
	return time_ns / l->slice_ns;
}

/* Since when the window's slices are; what is accounted before is wasted. */
static uint64_t horizon(const struct live *l, uint64_t time_ns)
{
	uint64_t number = number_of(l, time_ns);
	uint64_t first = number >= l->columns ? (number - l->columns + 1) * l->slice_ns : 0;

	return first > l->start_ns ? first : l->start_ns;
}

static struct live_slice *slice_at(struct live *l, struct live_lane *lane, uint64_t number)
{
	struct live_slice *s = &lane->slices[number % l->columns];

	if (s->number != number)
		*s = (struct live_slice){ .number = number };
	return s;
}

static struct live_place *place_at(struct live *l, unsigned int cpu, uint64_t number)
{
	struct live_place *p = &l->cpus[cpu].slices[number % l->columns];

	if (p->number != number)
		*p = (struct live_place){ .number = number };
	return p;
}

/* The part of [*from, to) in the slice of *from, which moves on. */
static uint32_t part(const struct live *l, uint64_t *from_ns, uint64_t to_ns, uint64_t *number)
{
	uint64_t begin = *from_ns, end;

	*number = number_of(l, begin);
	end = (*number + 1) * l->slice_ns;
	if (end > to_ns)
		end = to_ns;
	*from_ns = end;
	return (uint32_t)(end - begin);
}

/* What its thread does since the last time is what it did until now. */
static void account(struct live *l, struct live_lane *lane, uint64_t time_ns)
{
	uint64_t at = lane->accounted_ns, from = horizon(l, time_ns), number;
	enum view_kind kind = view_kind_of(&lane->thread->now);
	uint32_t ns;

	if (at < from)
		at = from;
	while (at < time_ns) {
		ns = part(l, &at, time_ns, &number);
		slice_at(l, lane, number)->ns[kind] += ns;
	}
	if (lane->accounted_ns < time_ns)
		lane->accounted_ns = time_ns;
}

/* Where more threads took turns in a slice than are kept apart, the least of them is forgotten. */
static void add_rival(struct live_place *p, uint32_t tid, uint32_t ns)
{
	unsigned int i, least = 0;

	for (i = 0; i < LIVE_RIVALS; i++) {
		if (p->rivals[i].tid == tid || !p->rivals[i].ns)
			break;
		if (p->rivals[i].ns < p->rivals[least].ns)
			least = i;
	}
	if (i == LIVE_RIVALS) {
		if (p->rivals[least].ns > ns)
			return;
		i = least;
		p->rivals[i].ns = 0;
	}
	p->rivals[i].tid = tid;
	p->rivals[i].ns += ns;
}

static void account_cpu(struct live *l, unsigned int cpu, uint64_t time_ns)
{
	const struct now_cpu *c = &l->now.cpus[cpu];
	uint64_t at = l->cpus[cpu].accounted_ns, from = horizon(l, time_ns), number;
	struct live_place *p;
	uint32_t ns;

	if (at < from)
		at = from;
	while (at < time_ns) {
		ns = part(l, &at, time_ns, &number);
		p = place_at(l, cpu, number);
		if (c->queued > p->queued)
			p->queued = c->queued;
		if (c->on && c->on->tid != l->hidden)
			add_rival(p, c->on->tid, ns);
		else if (c->known)
			p->idle_ns += ns;
	}
	if (l->cpus[cpu].accounted_ns < time_ns)
		l->cpus[cpu].accounted_ns = time_ns;
}

static void integrate(struct live *l, uint64_t time_ns)
{
	uint64_t ns = time_ns > l->sums.time_ns ? time_ns - l->sums.time_ns : 0;

	l->sums.time_ns += ns;
	l->sums.running_ns += ns * l->now.nr_running;
	l->sums.runnable_ns += ns * l->now.nr_runnable;
	l->sums.lock_ns += ns * l->now.nr_lock_waits;
}

static struct live_lane *new_lane(struct live *l, struct now_thread *t)
{
	size_t room = l->room ? 2 * l->room : 64;
	struct live_lane **bigger, *lane = calloc(1, sizeof(*lane));

	if (l->nr_lanes == l->room) {
		bigger = reallocarray(l->lanes, room, sizeof(*bigger));
		if (!bigger)
			goto failed;
		l->lanes = bigger;
		l->room = room;
	}
	if (!lane)
		goto failed;
	lane->slices = calloc(l->columns, sizeof(*lane->slices));
	if (!lane->slices)
		goto failed;
	lane->thread = t;
	lane->tid = t->tid;
	lane->accounted_ns = t->now.start_ns;
	t->attached = lane;
	l->lanes[l->nr_lanes++] = lane;
	return lane;
failed:
	free(lane);
	l->err = -ENOMEM;
	return NULL;
}

/* Of a thread that no record has told of yet nothing is known, and nothing is drawn. */
static void on_turn(void *arg, struct now_thread *t, uint64_t time_ns)
{
	struct live *l = arg;
	struct live_lane *lane = t->attached ? t->attached : new_lane(l, t);

	integrate(l, time_ns);
	if (!lane)
		return;
	if (t->now.start_ns)
		account(l, lane, time_ns);
	else
		lane->accounted_ns = time_ns;
}

static void on_place(void *arg, unsigned int cpu, uint64_t time_ns)
{
	account_cpu(arg, cpu, time_ns);
}

static void name(struct live_lane *lane)
{
	if (!lane->thread)
		return;
	memcpy(lane->comm, lane->thread->comm, sizeof(lane->comm));
	lane->target = lane->thread->target;
}

static void on_gone(void *arg, struct now_thread *t)
{
	struct live_lane *lane = t->attached;

	(void)arg;
	if (!lane)
		return;
	name(lane);
	lane->thread = NULL;
}

unsigned int live_columns(unsigned int width)
{
	return width > 2 * LABEL ? width - LABEL : width / 2;
}

int live_begin(struct live *l, unsigned int nr_cpus, uint64_t start_ns, uint64_t window_ns,
	       unsigned int columns)
{
	struct now_watcher w = { on_turn, on_place, on_gone, l };
	unsigned int cpu;
	int err;

	*l = (struct live){ .start_ns = start_ns,
			    .time_ns = start_ns,
			    .window_ns = window_ns,
			    .slice_ns = window_ns / columns,
			    .columns = columns,
			    .sums.time_ns = start_ns,
			    .second.time_ns = start_ns };
	err = now_begin(&l->now, nr_cpus, &w);
	if (err)
		return err;
	l->cpus = calloc(nr_cpus + 1ul, sizeof(*l->cpus));
	for (cpu = 0; l->cpus && cpu < nr_cpus; cpu++) {
		l->cpus[cpu].accounted_ns = start_ns;
		l->cpus[cpu].slices = calloc(columns, sizeof(struct live_place));
		if (!l->cpus[cpu].slices)
			return -ENOMEM;
	}
	return l->cpus ? 0 : -ENOMEM;
}

static void free_lane(struct live_lane *lane)
{
	if (lane->thread)
		lane->thread->attached = NULL;
	free(lane->slices);
	free(lane);
}

void live_end(struct live *l)
{
	unsigned int cpu;
	size_t i;

	for (i = 0; i < l->nr_lanes; i++)
		free_lane(l->lanes[i]);
	for (cpu = 0; l->cpus && cpu < l->now.nr_cpus; cpu++)
		free(l->cpus[cpu].slices);
	free(l->lanes);
	free(l->cpus);
	now_end(&l->now);
	*l = (struct live){};
}

void live_thread(struct live *l, const struct now_thread *from)
{
	struct now_thread *t =
		now_add(&l->now, from->tid, from->tgid, from->parent, from->comm, from->target);

	if (t && from->now.state)
		now_put(&l->now, t, from->now);
}

void live_take(struct live *l, unsigned int cpu, const struct oncpu_record *r)
{
	if (cpu >= l->now.nr_cpus)
		return;
	now_take(&l->now, cpu, r);
	if (r->type != ONCPU_LOST)
		return;
	account_cpu(l, cpu, r->time_ns);
	place_at(l, cpu, number_of(l, r->time_ns))->lost = true;
}

/* Of the window: what it did, and what of it is worth a row. */
static void measure(struct live *l, struct live_lane *lane)
{
	uint64_t number = number_of(l, l->time_ns);
	unsigned int i;

	lane->busy_ns = lane->lock_ns = 0;
	for (i = 0; i < l->columns; i++) {
		const struct live_slice *s = &lane->slices[i];

		if (s->number + l->columns <= number)
			continue;
		lane->lock_ns += s->ns[KIND_FUTEX] + s->ns[KIND_LOCK];
		lane->busy_ns += s->ns[KIND_RUNNING] + s->ns[KIND_RUNNABLE];
	}
	lane->busy_ns += lane->lock_ns;
}

/* It does nothing in the window, and nobody sees it: where it does again it gets a new one. */
static bool is_idle(const struct live *l, const struct live_lane *lane)
{
	if (!lane->thread)
		return lane->accounted_ns < horizon(l, l->time_ns);
	return !lane->busy_ns && !lane->shown && !lane->thread->target;
}

static void account_all(struct live *l)
{
	unsigned int cpu;
	size_t i, n = 0;

	for (cpu = 0; cpu < l->now.nr_cpus; cpu++)
		account_cpu(l, cpu, l->time_ns);
	for (i = 0; i < l->nr_lanes; i++) {
		struct live_lane *lane = l->lanes[i];

		name(lane);
		if (lane->thread)
			account(l, lane, l->time_ns);
		measure(l, lane);
		if (is_idle(l, lane))
			free_lane(lane);
		else
			l->lanes[n++] = lane;
	}
	l->nr_lanes = n;
}

void live_rate(struct live *l)
{
	const struct live_sums *a = &l->second, *b = &l->sums;

	l->sums.nr_switches = l->now.nr_switches;
	l->sums.nr_lost = l->now.nr_lost;
	l->rates =
		(struct live_sums){ b->time_ns - a->time_ns,	     b->running_ns - a->running_ns,
				    b->runnable_ns - a->runnable_ns, b->lock_ns - a->lock_ns,
				    b->nr_switches - a->nr_switches, b->nr_lost - a->nr_lost };
	l->second = *b;
}

void live_advance(struct live *l, uint64_t time_ns)
{
	if (time_ns > l->time_ns)
		l->time_ns = time_ns;
	integrate(l, l->time_ns);
	account_all(l);
	l->err = l->err ? l->err : l->now.err;
}
