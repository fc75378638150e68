// SPDX-License-Identifier: GPL-2.0
/*
 * Tracks beside those that Perfetto makes of the scheduler: where records of a CPU were lost, what a
 * scheduler of ours decided, and what each thread marked. Slices of one track must lie within each other, which marks need not: so each goes
 * to the first of its thread's tracks that is free.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>

#include "perfetto.pb-c.h"
#include "view/perfetto_part.h"
#include "view/text.h"

#define MARK_TRACKS 8 /* of a thread; a mark for which none is free is shown where it begins */

static void put_track(struct perfetto_out *o, uint64_t uuid, uint64_t parent, char *name)
{
	Perfetto__TrackDescriptor track = PERFETTO__TRACK_DESCRIPTOR__INIT;
	Perfetto__TracePacket packet = PERFETTO__TRACE_PACKET__INIT;

	track.has_uuid = true;
	track.uuid = uuid;
	track.has_parent_uuid = parent;
	track.parent_uuid = parent;
	track.name = name;
	packet.track_descriptor = &track;
	perfetto_put(o, &packet);
}

static void put_event(struct perfetto_out *o, Perfetto__TrackEvent__Type type, uint64_t uuid,
		      uint64_t time_ns, char *name, char *note)
{
	Perfetto__DebugAnnotation text = PERFETTO__DEBUG_ANNOTATION__INIT, *notes[1] = { &text };
	Perfetto__TrackEvent event = PERFETTO__TRACK_EVENT__INIT;
	Perfetto__TracePacket packet = PERFETTO__TRACE_PACKET__INIT;

	event.has_type = event.has_track_uuid = packet.has_timestamp = true;
	event.type = type;
	event.track_uuid = uuid;
	event.name = name;
	text.name = (char *)"what happened";
	text.string_value = note;
	event.n_debug_annotations = note ? 1 : 0;
	event.debug_annotations = notes;
	packet.timestamp = time_ns;
	packet.track_event = &event;
	perfetto_put(o, &packet);
}

static void put_slice(struct perfetto_out *o, uint64_t uuid, uint64_t start_ns, uint64_t end_ns,
		      char *name, char *note)
{
	put_event(o, PERFETTO__TRACK_EVENT__TYPE__TYPE_SLICE_BEGIN, uuid, start_ns, name, note);
	put_event(o, PERFETTO__TRACK_EVENT__TYPE__TYPE_SLICE_END, uuid, end_ns, NULL, NULL);
}

/* Gaps of one CPU never overlap. */
void perfetto_put_gaps(struct perfetto_out *o)
{
	bool *named = calloc(o->m->nr_cpus + 1ul, sizeof(*named));
	char name[64], note[VIEW_GAP];
	const struct gap *g;

	for (g = o->m->gaps; named && g < o->m->gaps + o->m->nr_gaps; g++) {
		snprintf(name, sizeof(name), "CPU %" PRIu32 ": lost records", g->cpu);
		if (!named[g->cpu])
			put_track(o, TRACK_OF_GAPS + g->cpu, 0, name);
		named[g->cpu] = true;
		view_gap(note, sizeof(note), o->m, g);
		snprintf(name, sizeof(name), "%" PRIu64 " lost", g->nr);
		put_slice(o, TRACK_OF_GAPS + g->cpu, g->start_ns, g->end_ns, name, note);
	}
	if (!named)
		o->err = -ENOMEM;
	free(named);
}

struct tracks { /* of one thread: when the last mark of each ends; 0: not named yet */
	uint64_t end_ns[MARK_TRACKS];
};

static unsigned int free_track(const struct tracks *t, uint64_t start_ns)
{
	unsigned int i = 0;

	while (i < MARK_TRACKS && t->end_ns[i] > start_ns)
		i++;
	return i;
}

static void put_mark(struct perfetto_out *o, const struct mark *k, struct tracks *tracks)
{
	unsigned int at = free_track(tracks, k->start_ns);
	uint64_t uuid = TRACK_OF_MARKS + (uint64_t)k->thread * MARK_TRACKS + at % MARK_TRACKS;
	char name[128], note[64];

	if (at < MARK_TRACKS && !tracks->end_ns[at])
		put_track(o, uuid, perfetto_track_of(o->m, &o->m->threads[k->thread]),
			  (char *)"marks");
	if (at < MARK_TRACKS)
		tracks->end_ns[at] = k->end_ns;
	snprintf(name, sizeof(name), "%s", model_mark_name(o->m, k->name));
	view_clean(name, true);
	if (k->point)
		snprintf(note, sizeof(note), "value %" PRIu64, k->value);
	else
		snprintf(note, sizeof(note), "%" PRIu64 " ns off CPU%s%s", k->off_cpu_ns,
			 k->no_end ? ", and never ended" : "",
			 k->no_begin ? ", and never began" : "");
	if (k->end_ns == k->start_ns || at == MARK_TRACKS)
		put_event(o, PERFETTO__TRACK_EVENT__TYPE__TYPE_INSTANT, uuid, k->start_ns, name,
			  note);
	else
		put_slice(o, uuid, k->start_ns, k->end_ns, name, note);
}

void perfetto_put_marks(struct perfetto_out *o)
{
	struct tracks *tracks = calloc(o->m->nr_threads + 1, sizeof(*tracks));
	const struct mark *k;

	for (k = o->m->marks; tracks && k < o->m->marks + o->m->nr_marks; k++)
		if (k->thread < o->m->nr_threads && o->m->threads[k->thread].target)
			put_mark(o, k, &tracks[k->thread]);
	if (!tracks)
		o->err = -ENOMEM;
	free(tracks);
}

/* By thread. */
void perfetto_put_decisions(struct perfetto_out *o)
{
	const struct model *m = o->m;
	uint64_t uuid, named = 0;
	const struct decision *d;
	char words[MODEL_DECISION];

	for (d = m->decisions; d < m->decisions + m->nr_decisions; d++) {
		uuid = TRACK_OF_DECISIONS + d->thread;
		if (!m->threads[d->thread].target)
			continue;
		if (named != uuid)
			put_track(o, uuid, perfetto_track_of(m, &m->threads[d->thread]),
				  (char *)"decisions");
		named = uuid;
		model_decision_words(m, d, words, sizeof(words));
		view_clean(words, true);
		put_event(o, PERFETTO__TRACK_EVENT__TYPE__TYPE_INSTANT, uuid, d->time_ns, words,
			  NULL);
	}
}
