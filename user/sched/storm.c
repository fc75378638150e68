// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sched/ext.h"
#include "sched/storm.h"

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wshadow"
#include "sched_storm.skel.h"
#pragma GCC diagnostic pop

#define MOST_OPEN     4 /* CPUs: a change must meet one that runs the target */
#define LIKELY(x)     ((uint32_t)((x) * 65536))
#define TICK_LEAST_NS 50000
#define TICK_MOST_NS  5000000
#define HOLD_LEAST_NS 1000000
#define HOLD_MOST_NS  1000000000
#define LONG_HOLDS    8 /* that long, in one run */

/*
 * No one weather breaks all programs: short-lived races want many changes, wrong orders few and long
 * holds. So each is drawn, evenly over its orders of magnitude.
 */
struct weather {
	uint64_t tick_max_ns, hold_max_ns;
	uint32_t ticks_in_era, stalls, held_new, held_woken, held_taken_off;
	bool one_cpu;
};

struct storm {
	struct sched_storm *skel;
	struct weather weather;
};

/* 0 .. below - 1; splitmix64. */
static uint32_t draw(uint64_t *state, uint32_t below)
{
	uint64_t x = *state += 0x9e3779b97f4a7c15;

	x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9;
	x = (x ^ x >> 27) * 0x94d049bb133111eb;
	return (uint32_t)((x ^ x >> 31) >> 32) % below;
}

static uint64_t within(uint64_t least, uint64_t x, uint64_t most)
{
	return x < least ? least : x > most ? most : x;
}

/*
 * A calm run is changed at 4 to 256 places, wherever they are, and stalled at 1 to 8 system calls. Who is
 * held may be so for a part of the time that the others need to do all their work, or for much longer.
 */
static struct weather weather_of(uint64_t seed, const struct storm_counts *calm)
{
	uint64_t state = seed;

	return (struct weather){
		.tick_max_ns = within(TICK_LEAST_NS, calm->shared_ns >> draw(&state, 7) >> 1,
				      TICK_MOST_NS),
		.hold_max_ns = within(HOLD_LEAST_NS, calm->shared_ns << draw(&state, 6) >> 1,
				      HOLD_MOST_NS),
		.ticks_in_era = 1u << draw(&state, 5),
		.stalls = 1u << draw(&state, 4),
		.held_new = LIKELY(1. / 2) >> draw(&state, 3),
		.held_woken = LIKELY(1. / 2) >> draw(&state, 5),
		.held_taken_off = LIKELY(1.) >> draw(&state, 4),
		.one_cpu = draw(&state, 2),
	};
}

void storm_describe(const struct storm *s, char *buf, size_t size)
{
	const struct weather *w = &s->weather;

	if (!w->hold_max_ns)
		snprintf(buf, size, "calm");
	else
		snprintf(buf, size,
			 "%s, a change within %.2g ms, about %u system calls stalled, for up to "
			 "%.2g ms",
			 w->one_cpu ? "one CPU at a time" : "all CPUs",
			 (double)w->tick_max_ns / 1e6, w->stalls, (double)w->hold_max_ns / 1e6);
}

static void reset(struct sched_storm__bss *bss)
{
	bss->nr_tasks = 0;
	bss->nr_draws = 0;
	bss->nr_queued = bss->nr_held = bss->nr_stalled = bss->nr_eras = 0;
	bss->nr_calls = bss->shared_ns = 0;
}

void storm_calm(struct storm *s)
{
	s->weather = (struct weather){};
	s->skel->data->tick_max_ns = TICK_MOST_NS;
	s->skel->data->nr_open = UINT32_MAX;
	s->skel->bss->stalled = 0;
	memset(s->skel->bss->held, 0, sizeof(s->skel->bss->held));
	reset(s->skel->bss);
}

void storm_brew(struct storm *s, uint64_t seed, const struct storm_counts *calm, double hold_s)
{
	const struct weather w = weather_of(seed, calm);
	struct sched_storm__data *data = s->skel->data;
	struct sched_storm__bss *bss = s->skel->bss;
	uint64_t nr_calls = calm->nr_calls > 2 * w.stalls ? calm->nr_calls : 2 * w.stalls;

	s->weather = w;
	bss->seed = seed;
	data->tick_max_ns = w.tick_max_ns;
	data->ticks_in_era = w.ticks_in_era;
	data->nr_open = w.one_cpu ? 1 : MOST_OPEN;
	bss->stalled = (uint32_t)(LIKELY(1.) * (uint64_t)w.stalls / nr_calls);
	bss->held[0] = w.held_new;
	bss->held[1] = w.held_woken;
	bss->held[2] = w.held_taken_off;
	bss->hold_max_ns = w.hold_max_ns;
	bss->hold_left_ns =
		(int64_t)within(0, LONG_HOLDS * w.hold_max_ns, (uint64_t)(hold_s * 1e9));
	reset(bss);
}

int storm_begin(struct storm **storm, char *why, size_t why_size)
{
	struct storm *s = calloc(1, sizeof(*s));
	int err;

	*storm = NULL;
	if (!s) {
		snprintf(why, why_size, "no memory");
		return -ENOMEM;
	}
	s->skel = sched_storm__open();
	if (!s->skel) {
		err = -errno;
		snprintf(why, why_size, "the scheduler cannot be opened: %s", strerror(-err));
	} else {
		err = ext_begin(s->skel->skeleton, why, why_size);
	}
	if (err)
		storm_end(s);
	else
		*storm = s;
	return err;
}

bool storm_was_thrown_out(const struct storm *s, char *why, size_t why_size)
{
	const struct sched_storm__bss *bss = s->skel->bss;

	return ext_was_thrown_out(bss->exit_kind, bss->exit_reason, bss->exit_message, why,
				  why_size);
}

void storm_count(const struct storm *s, struct storm_counts *c)
{
	c->nr_queued = s->skel->bss->nr_queued;
	c->nr_held = s->skel->bss->nr_held;
	c->nr_stalled = s->skel->bss->nr_stalled;
	c->nr_eras = s->skel->bss->nr_eras;
	c->nr_calls = s->skel->bss->nr_calls;
	c->shared_ns = s->skel->bss->shared_ns;
}

void storm_end(struct storm *s)
{
	if (!s)
		return;
	sched_storm__destroy(s->skel);
	free(s);
}
