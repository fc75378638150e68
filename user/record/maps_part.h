/* SPDX-License-Identifier: GPL-2.0 */
/* Inside maps: what maps.c (replaying) and maps_perf.c (listening) share. */
#ifndef ONCPU_RECORD_MAPS_PART_H
#define ONCPU_RECORD_MAPS_PART_H

#include "record/maps.h"

enum map_kind { MAP_FORK, MAP_EXEC, MAP_MMAP };

struct map_event {
	enum map_kind kind;
	uint32_t tid, tgid, parent_tgid; /* parent: FORK */
	uint64_t time_ns;
	size_t order; /* of equal times */
	uint64_t start, end, offset;
	char *path; /* MMAP */
};

struct perf_ring; /* of one CPU */

struct maps {
	struct perf_ring *rings;
	int nr_rings;
	uint64_t nr_lost;
	struct map_event *events;
	size_t nr_events, event_room;
	struct space *spaces; /* in order of time */
	size_t nr_spaces, space_room;
};

/* Takes over e->path where it returns 0. */
int maps_add_event(struct maps *m, const struct map_event *e);

int maps_perf_open(struct maps *m);
void maps_perf_drain(struct maps *m);
void maps_perf_close(struct maps *m);

#endif
