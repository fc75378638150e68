/* SPDX-License-Identifier: GPL-2.0 */
/* Inside the Perfetto view: what its files share. */
#ifndef ONCPU_VIEW_PERFETTO_PART_H
#define ONCPU_VIEW_PERFETTO_PART_H

#include "view/export.h"

/* Numbers of tracks, each kind apart from the others. */
#define TRACK_OF_THREAD	   1000000000ull
#define TRACK_OF_MARKS	   2000000000ull
#define TRACK_OF_GAPS	   3000000000ull
#define TRACK_OF_DECISIONS 4000000000ull

struct Perfetto__TracePacket; /* protoc makes its header */

struct perfetto_out {
	FILE *f;
	const struct model *m;
	uint8_t *buffer;
	size_t size;
	bool begun;
	int err;
};

void perfetto_put(struct perfetto_out *o, struct Perfetto__TracePacket *packet);
uint64_t perfetto_track_of(const struct model *m, const struct thread *t);

/* perfetto_tracks.c: tracks of their own, beside those of the scheduler */
void perfetto_put_gaps(struct perfetto_out *o);
void perfetto_put_marks(struct perfetto_out *o);
void perfetto_put_decisions(struct perfetto_out *o);

#endif
