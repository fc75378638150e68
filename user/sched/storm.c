// SPDX-License-Identifier: GPL-2.0
#include <bpf/libbpf.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sched/storm.h"

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wshadow"
#include "sched_storm.skel.h"
#pragma GCC diagnostic pop

struct storm {
	struct sched_storm *skel;
	struct bpf_link *link;
};

/* No one weather breaks all programs: short-lived races want many changes, wrong orders long holds. */
static const struct weather {
	const char *name;
	uint64_t era_min_ns, era_max_ns, slice_max_ns, hold_max_ns;
	uint32_t hold_in_256;
	bool serial;
} weathers[] = {
	{ "squalls", 50000, 600000, 300000, 1000000, 48, false },
	{ "calms", 300000, 4000000, 3000000, 30000000, 80, false },
	{ "one gust at a time", 100000, 3000000, 3000000, 5000000, 16, true },
};

static const struct weather *weather_of(uint64_t seed)
{
	return &weathers[seed % (sizeof(weathers) / sizeof(*weathers))];
}

const char *storm_weather(uint64_t seed)
{
	return weather_of(seed)->name;
}

static void brew(struct sched_storm *skel, uint64_t seed)
{
	const struct weather *w = weather_of(seed);

	skel->rodata->seed = seed;
	skel->rodata->era_min_ns = w->era_min_ns;
	skel->rodata->era_max_ns = w->era_max_ns;
	skel->rodata->slice_max_ns = w->slice_max_ns;
	skel->rodata->hold_max_ns = w->hold_max_ns;
	skel->rodata->hold_in_256 = w->hold_in_256;
	skel->rodata->serial = w->serial;
}

static int load(struct storm *s, uint64_t seed)
{
	int err;

	s->skel = sched_storm__open();
	if (!s->skel)
		return -errno;
	brew(s->skel, seed);
	err = sched_storm__load(s->skel);
	if (err)
		return err;
	s->link = bpf_map__attach_struct_ops(s->skel->maps.storm_ops);
	return s->link ? 0 : -errno;
}

static void explain(int err, char *why, size_t why_size)
{
	if (err == -EPERM || err == -EACCES)
		snprintf(why, why_size, "only root can give the kernel a scheduler: run it so");
	else if (err == -EBUSY)
		snprintf(why, why_size,
			 "the kernel has another sched_ext scheduler already: end that one");
	else
		snprintf(why, why_size, "the kernel does not take the scheduler: %s",
			 strerror(-err));
}

int storm_begin(struct storm **storm, uint64_t seed, char *why, size_t why_size)
{
	struct storm *s = calloc(1, sizeof(*s));
	int err = s ? load(s, seed) : -ENOMEM;

	if (!err) {
		*storm = s;
		return 0;
	}
	storm_end(s);
	*storm = NULL;
	explain(err, why, why_size);
	return err;
}

bool storm_was_thrown_out(const struct storm *s, char *why, size_t why_size)
{
	if (!s->skel->bss->exit_kind)
		return false;
	snprintf(why, why_size, "%s (%s)", s->skel->bss->exit_reason, s->skel->bss->exit_message);
	return true;
}

void storm_count(const struct storm *s, struct storm_counts *c)
{
	c->nr_queued = s->skel->bss->nr_queued;
	c->nr_held = s->skel->bss->nr_held;
	c->nr_eras = s->skel->bss->nr_eras;
}

void storm_end(struct storm *s)
{
	if (!s)
		return;
	bpf_link__destroy(s->link);
	sched_storm__destroy(s->skel);
	free(s);
}
