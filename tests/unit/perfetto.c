// SPDX-License-Identifier: GPL-2.0
/* What Perfetto would read: every packet is whole, and from its switches come the model's own sums. */
#include <stdlib.h>

#include "model_case.h"
#include "perfetto.pb-c.h"
#include "view/export.h"

static void drop(Perfetto__Trace **p)
{
	perfetto__trace__free_unpacked(*p, NULL);
}

#define EXPORT(text)                                              \
	do {                                                      \
		uint8_t *bytes = NULL;                            \
		size_t size = 0;                                  \
		FILE *f = open_memstream((char **)&bytes, &size); \
		BUILD(text);                                      \
		ASSERT_EQ(0, view_perfetto(f, self->m));          \
		fclose(f);                                        \
		p = perfetto__trace__unpack(NULL, size, bytes);   \
		free(bytes);                                      \
		ASSERT_NE(NULL, p);                               \
	} while (0)

#define HANDOVER                                                                                 \
	"0.1 cpu0 switch idle -> A R\n0.5 cpu0 fork A -> B\n0.5 cpu0 new B by A at 1\n"          \
	"0.6 cpu1 switch idle -> B R\n1 cpu0 futex_wait A 0x7f00 owner B\n"                      \
	"1.1 cpu0 switch A -> X S in futex\n2 cpu0 switch X -> idle S\n3 cpu1 waking A by B at " \
	"0\n"                                                                                    \
	"3.1 cpu0 switch idle -> A R\n4 cpu1 exit B\n4 cpu1 switch B -> idle X\n"                \
	"5 cpu0 switch A -> Y P\n6 cpu0 switch Y -> A R\n8 cpu0 switch A -> idle S in poll\n"

/* How long a tid ran, by the switches. */
static uint64_t ran_ns(const Perfetto__Trace *p, int32_t tid)
{
	uint64_t on_ns[64] = { 0 }, sum = 0;
	size_t i, e;

	for (i = 0; i < p->n_packet; i++) {
		const Perfetto__FtraceEventBundle *b = p->packet[i]->ftrace_events;

		for (e = 0; b && e < b->n_event; e++) {
			const Perfetto__SchedSwitch *s = b->event[e]->sched_switch;

			if (s && s->prev_pid == tid && on_ns[b->cpu])
				sum += b->event[e]->timestamp - on_ns[b->cpu];
			if (s)
				on_ns[b->cpu] = s->next_pid == tid ? b->event[e]->timestamp : 0;
		}
	}
	return sum;
}

TEST_F(model, switches_give_the_sums_of_the_model)
{
	Perfetto__Trace *p __attribute__((cleanup(drop))) = NULL;
	const struct thread *t;
	uint64_t sum;
	size_t i;

	EXPORT(HANDOVER);
	for (t = self->m->threads; t < self->m->threads + self->m->nr_threads; t++) {
		for (sum = i = 0; i < t->nr_intervals; i++)
			if (t->intervals[i].state == STATE_RUNNING)
				sum += t->intervals[i].end_ns - t->intervals[i].start_ns;
		EXPECT_EQ(sum, ran_ns(p, (int32_t)t->tid));
	}
	EXPECT_EQ(1000000 + 1900000 + 2000000, ran_ns(p, 100));
}

TEST_F(model, switches_follow_each_other)
{
	Perfetto__Trace *p __attribute__((cleanup(drop))) = NULL;
	int32_t on[2] = { 0, 0 };
	uint64_t last[2] = { 0, 0 };
	size_t i, e, n = 0;

	EXPORT(HANDOVER);
	for (i = 0; i < p->n_packet; i++) {
		const Perfetto__FtraceEventBundle *b = p->packet[i]->ftrace_events;

		for (e = 0; b && e < b->n_event; e++) {
			const Perfetto__SchedSwitch *s = b->event[e]->sched_switch;

			if (!s)
				continue;
			ASSERT_GT(2, b->cpu);
			EXPECT_EQ(on[b->cpu], s->prev_pid);
			EXPECT_LE(last[b->cpu], b->event[e]->timestamp);
			on[b->cpu] = s->next_pid;
			last[b->cpu] = b->event[e]->timestamp;
			n++;
		}
	}
	EXPECT_LE(9, n);
	EXPECT_EQ(0, on[0]);
	EXPECT_EQ(0, on[1]);
}

static const Perfetto__SchedSwitch *left_at(const Perfetto__Trace *p, int32_t tid, uint64_t ns)
{
	size_t i, e;

	for (i = 0; i < p->n_packet; i++) {
		const Perfetto__FtraceEventBundle *b = p->packet[i]->ftrace_events;

		for (e = 0; b && e < b->n_event; e++)
			if (b->event[e]->sched_switch &&
			    b->event[e]->sched_switch->prev_pid == tid &&
			    b->event[e]->timestamp == BUILDER_START_NS + ns)
				return b->event[e]->sched_switch;
	}
	return NULL;
}

TEST_F(model, states_are_the_kernels)
{
	Perfetto__Trace *p __attribute__((cleanup(drop))) = NULL;
	EXPORT(HANDOVER);
	ASSERT_NE(NULL, left_at(p, 100, 1100000));
	EXPECT_EQ(1, left_at(p, 100, 1100000)->prev_state);
	ASSERT_NE(NULL, left_at(p, 101, 4000000));
	EXPECT_EQ(16, left_at(p, 101, 4000000)->prev_state);
	ASSERT_NE(NULL, left_at(p, 100, 5000000));
	EXPECT_EQ(0, left_at(p, 100, 5000000)->prev_state);
}

TEST_F(model, wakings_name_who_woke)
{
	Perfetto__Trace *p __attribute__((cleanup(drop))) = NULL;
	size_t i, e, wakings = 0, new = 0;

	EXPORT(HANDOVER);
	for (i = 0; i < p->n_packet; i++) {
		const Perfetto__FtraceEventBundle *b = p->packet[i]->ftrace_events;

		for (e = 0; b && e < b->n_event; e++) {
			if (b->event[e]->sched_waking) {
				EXPECT_EQ(101, b->event[e]->pid);
				EXPECT_EQ(100, b->event[e]->sched_waking->pid);
				EXPECT_EQ(1, b->cpu);
				wakings++;
			}
			if (b->event[e]->sched_wakeup_new) {
				EXPECT_EQ(100, b->event[e]->pid);
				new ++;
			}
		}
	}
	EXPECT_EQ(1, wakings);
	EXPECT_EQ(1, new);
}

TEST_F(model, waits_are_slices_that_end)
{
	Perfetto__Trace *p __attribute__((cleanup(drop))) = NULL;
	size_t i, begun = 0, ended = 0;
	bool futex = false;

	EXPORT(HANDOVER);
	for (i = 0; i < p->n_packet; i++) {
		const Perfetto__TrackEvent *e = p->packet[i]->track_event;

		if (!e)
			continue;
		begun += e->type == PERFETTO__TRACK_EVENT__TYPE__TYPE_SLICE_BEGIN;
		ended += e->type == PERFETTO__TRACK_EVENT__TYPE__TYPE_SLICE_END;
		if (e->name && !strcmp(e->name, "the futex 0x7f00"))
			futex = !strcmp(
				e->debug_annotations[0]->string_value,
				"prog/100 waited 1.9 ms for the futex 0x7f00, held by prog/101; "
				"woken by prog/101.");
	}
	EXPECT_EQ(2, begun);
	EXPECT_EQ(begun, ended);
	EXPECT_TRUE(futex);
}

/* One writer's packets, of which the first says so: else an importer drops what it cannot place. */
TEST_F(model, the_sequence_begins_once)
{
	Perfetto__Trace *p __attribute__((cleanup(drop))) = NULL;
	size_t i;

	EXPORT(HANDOVER);
	for (i = 0; i < p->n_packet; i++) {
		EXPECT_EQ(1, p->packet[i]->trusted_packet_sequence_id);
		EXPECT_EQ(i == 0, p->packet[i]->has_sequence_flags);
	}
}

/* Slices and instants of a name, and whether its track says what it is. */
static unsigned int shown(const Perfetto__Trace *p, const char *name, const char *track)
{
	unsigned int n = 0;
	size_t i, k;

	for (i = 0; i < p->n_packet; i++) {
		const Perfetto__TrackEvent *e = p->packet[i]->track_event;

		if (!e || !e->name || strcmp(e->name, name))
			continue;
		for (k = 0; k < i; k++) {
			const Perfetto__TrackDescriptor *d = p->packet[k]->track_descriptor;

			n += d && d->uuid == e->track_uuid && d->name && !strcmp(d->name, track);
		}
	}
	return n;
}

TEST_F(model, lost_records_are_a_track)
{
	Perfetto__Trace *p __attribute__((cleanup(drop))) = NULL;
	EXPORT("0.1 cpu0 switch idle -> A R\n4 cpu0 lost 5 since 2\n6 cpu0 switch A -> X P\n");
	EXPECT_EQ(1, shown(p, "5 lost", "CPU 0: lost records"));
}

/* Two that overlap are on two tracks, each with an end. */
TEST_F(model, marks_are_tracks)
{
	Perfetto__Trace *p __attribute__((cleanup(drop))) = NULL;
	uint64_t track[2] = { 0, 0 };
	size_t i, n = 0, ends = 0;

	EXPORT("0.1 cpu0 switch idle -> A R\n1 marks begin A fill\n2 marks begin A drain\n"
	       "3 marks end A fill\n4 marks end A drain\n5 marks point A token 7\n"
	       "6 cpu0 exit A\n6 cpu0 switch A -> idle X\n");
	EXPECT_EQ(1, shown(p, "fill", "marks"));
	EXPECT_EQ(1, shown(p, "drain", "marks"));
	EXPECT_EQ(1, shown(p, "token", "marks"));
	for (i = 0; i < p->n_packet; i++) {
		const Perfetto__TrackEvent *e = p->packet[i]->track_event;

		if (e && e->type == PERFETTO__TRACK_EVENT__TYPE__TYPE_SLICE_BEGIN && n < 2)
			track[n++] = e->track_uuid;
		ends += e && e->type == PERFETTO__TRACK_EVENT__TYPE__TYPE_SLICE_END;
	}
	EXPECT_EQ(2, ends);
	EXPECT_NE(track[0], track[1]);
}

TEST_HARNESS_MAIN
