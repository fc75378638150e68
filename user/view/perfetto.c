// SPDX-License-Identifier: GPL-2.0
/*
 * The model as a Perfetto trace: the scheduler as the ftrace events that Perfetto knows how to draw,
 * and under each thread its waits, as slices with the sentence.
 *
 * Perfetto takes all times for one clock, so that clock may be the recording's own. A file of packets
 * is the concatenation of traces of one packet each: nothing is held in memory but the packet.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "perfetto.pb-c.h"
#include "view/perfetto_part.h"
#include "view/text.h"

#define SEQUENCE	  1 /* all packets are one writer's */
#define SEQUENCE_BEGINS	  1 /* its SEQ_INCREMENTAL_STATE_CLEARED */
#define STATE_RAW_RUNNING 0
#define EVENTS_A_BUNDLE	  1024

void perfetto_put(struct perfetto_out *o, Perfetto__TracePacket *packet)
{
	Perfetto__TracePacket *one[1] = { packet };
	Perfetto__Trace trace = PERFETTO__TRACE__INIT;
	size_t size;

	packet->has_trusted_packet_sequence_id = true;
	packet->trusted_packet_sequence_id = SEQUENCE;
	packet->has_sequence_flags = !o->begun;
	packet->sequence_flags = SEQUENCE_BEGINS;
	o->begun = true;
	trace.n_packet = 1;
	trace.packet = one;
	size = perfetto__trace__get_packed_size(&trace);
	if (size > o->size) {
		uint8_t *bigger = realloc(o->buffer, size);

		if (!bigger) {
			o->err = -ENOMEM;
			return;
		}
		o->buffer = bigger;
		o->size = size;
	}
	fwrite(o->buffer, 1, perfetto__trace__pack(&trace, o->buffer), o->f);
}

/* A name may be anything; protobuf wants UTF-8. */
static char *clean_name(const struct thread *t, char buf[ONCPU_COMM_LEN + 1])
{
	snprintf(buf, ONCPU_COMM_LEN + 1, "%.*s", ONCPU_COMM_LEN, t ? t->comm : "");
	view_clean(buf, true);
	return buf;
}

static void put_process(struct perfetto_out *o, const struct thread *t)
{
	Perfetto__ProcessTree__Process process = PERFETTO__PROCESS_TREE__PROCESS__INIT;
	Perfetto__ProcessTree__Process *processes[1] = { &process };
	Perfetto__ProcessTree__Thread thread = PERFETTO__PROCESS_TREE__THREAD__INIT;
	Perfetto__ProcessTree__Thread *list[1] = { &thread };
	Perfetto__ProcessTree tree = PERFETTO__PROCESS_TREE__INIT;
	Perfetto__TracePacket packet = PERFETTO__TRACE_PACKET__INIT;
	char name[ONCPU_COMM_LEN + 1], *cmdline[1] = { clean_name(t, name) };

	process.has_pid = true;
	process.pid = (int32_t)(t->tgid ? t->tgid : t->tid);
	process.n_cmdline = 1;
	process.cmdline = cmdline;
	thread.has_tid = thread.has_tgid = true;
	thread.tid = (int32_t)t->tid;
	thread.tgid = process.pid;
	thread.name = name;
	tree.n_processes = t->tid == (uint32_t)process.pid;
	tree.processes = processes;
	tree.n_threads = 1;
	tree.threads = list;
	packet.has_timestamp = true;
	packet.timestamp = o->m->start_ns;
	packet.process_tree = &tree;
	perfetto_put(o, &packet);
}

/* What the kernel would have called its state when it left the CPU at that time. */
static int64_t raw_state(const struct thread *t, uint64_t time_ns)
{
	const struct interval *i = t ? model_at(t, time_ns) : NULL;

	switch (i ? i->state : STATE_UNKNOWN) {
	case STATE_SLEEPING:
		return 1;
	case STATE_BLOCKED:
		return 2;
	case STATE_STOPPED:
		return 4;
	case STATE_DEAD:
		return 16;
	default:
		return STATE_RAW_RUNNING;
	}
}

static int32_t prio_at(const struct thread *t, uint64_t time_ns)
{
	const struct interval *i = t ? model_at(t, time_ns) : NULL;

	if (!t || !i || i->prio == PRIO_UNKNOWN)
		return 120;
	return i->prio == PRIO_DEADLINE ? -1 : i->prio - PRIO_FIRST;
}

struct switch_event {
	Perfetto__FtraceEvent event;
	Perfetto__SchedSwitch data;
	char prev_name[ONCPU_COMM_LEN + 1], next_name[ONCPU_COMM_LEN + 1];
};

static char *name_on_cpu(const struct thread *t, uint32_t tid, unsigned int cpu, char *buf)
{
	clean_name(t, buf);
	if (!tid)
		snprintf(buf, ONCPU_COMM_LEN + 1, "swapper/%u", cpu % 1000000);
	return buf;
}

static void fill_switch(const struct model *m, struct switch_event *s, unsigned int cpu,
			uint32_t prev, uint32_t next, uint64_t time_ns)
{
	const struct thread *from = model_who(m, prev, time_ns), *to = model_who(m, next, time_ns);

	perfetto__ftrace_event__init(&s->event);
	perfetto__sched_switch__init(&s->data);
	s->event.has_timestamp = s->event.has_pid = true;
	s->event.timestamp = time_ns;
	s->event.pid = prev;
	s->event.sched_switch = &s->data;
	s->data.has_prev_pid = s->data.has_prev_prio = s->data.has_prev_state = true;
	s->data.has_next_pid = s->data.has_next_prio = true;
	s->data.prev_comm = name_on_cpu(from, prev, cpu, s->prev_name);
	s->data.prev_pid = (int32_t)prev;
	s->data.prev_prio = prio_at(from, time_ns);
	s->data.prev_state = prev ? raw_state(from, time_ns) : STATE_RAW_RUNNING;
	s->data.next_comm = name_on_cpu(to, next, cpu, s->next_name);
	s->data.next_pid = (int32_t)next;
	s->data.next_prio = prio_at(to, time_ns);
}

static void put_bundle(struct perfetto_out *o, unsigned int cpu, Perfetto__FtraceEvent **events,
		       size_t n)
{
	Perfetto__FtraceEventBundle bundle = PERFETTO__FTRACE_EVENT_BUNDLE__INIT;
	Perfetto__TracePacket packet = PERFETTO__TRACE_PACKET__INIT;

	if (!n)
		return;
	bundle.has_cpu = true;
	bundle.cpu = cpu;
	bundle.n_event = n;
	bundle.event = events;
	packet.ftrace_events = &bundle;
	perfetto_put(o, &packet);
}

/* A switch where each interval begins; into idle where what comes next is not known. */
static void put_switches(struct perfetto_out *o, unsigned int cpu)
{
	const struct cpu *c = &o->m->cpus[cpu];
	struct switch_event *s = calloc(EVENTS_A_BUNDLE, sizeof(*s));
	Perfetto__FtraceEvent **events = calloc(EVENTS_A_BUNDLE, sizeof(*events));
	uint32_t prev = 0;
	size_t i, n = 0;

	if (!s || !events) {
		o->err = -ENOMEM;
		goto out;
	}
	for (i = 0; i < EVENTS_A_BUNDLE; i++)
		events[i] = &s[i].event;
	for (i = 0; i < c->nr_intervals; i++) {
		const struct cpu_interval *ci = &c->intervals[i];
		bool gap = i + 1 < c->nr_intervals && ci[1].start_ns > ci->end_ns;

		fill_switch(o->m, &s[n++], cpu, prev, ci->tid, ci->start_ns);
		prev = ci->tid;
		if (gap || i + 1 == c->nr_intervals) {
			fill_switch(o->m, &s[n++], cpu, prev, 0, ci->end_ns);
			prev = 0;
		}
		if (n < EVENTS_A_BUNDLE - 1)
			continue;
		put_bundle(o, cpu, events, n);
		n = 0;
	}
	put_bundle(o, cpu, events, n);
out:
	free(events);
	free(s);
}

/* Perfetto draws the arrow from who woke to who was woken. */
static void put_waking(struct perfetto_out *o, const struct thread *t, const struct interval *i)
{
	Perfetto__SchedWaking waking = PERFETTO__SCHED_WAKING__INIT;
	Perfetto__SchedWakeupNew new = PERFETTO__SCHED_WAKEUP_NEW__INIT;
	Perfetto__FtraceEvent event = PERFETTO__FTRACE_EVENT__INIT, *events[1] = { &event };
	const struct thread *waker = model_who(o->m, i->waker, i->start_ns);
	const struct interval *on = waker ? model_at(waker, i->start_ns) : NULL;
	int where = on && on->cpu >= 0 ? on->cpu : i->cpu >= 0 ? i->cpu : 0;
	char name[ONCPU_COMM_LEN + 1];

	event.has_timestamp = event.has_pid = true;
	event.timestamp = i->start_ns;
	event.pid = i->waker;
	if (i->cause == CAUSE_NEW) {
		event.sched_wakeup_new = &new;
		new.comm = clean_name(t, name);
		new.has_pid = new.has_prio = new.has_success = new.has_target_cpu = true;
		new.pid = (int32_t)t->tid;
		new.prio = prio_at(t, i->start_ns);
		new.success = 1;
		new.target_cpu = i->cpu < 0 ? 0 : i->cpu;
	} else {
		event.sched_waking = &waking;
		waking.comm = clean_name(t, name);
		waking.has_pid = waking.has_prio = waking.has_success = waking.has_target_cpu =
			true;
		waking.pid = (int32_t)t->tid;
		waking.prio = prio_at(t, i->start_ns);
		waking.success = 1;
		waking.target_cpu = i->cpu < 0 ? 0 : i->cpu;
	}
	put_bundle(o, (unsigned int)where, events, 1);
}

static void put_wakings(struct perfetto_out *o, const struct thread *t)
{
	const struct interval *i;

	for (i = t->intervals; i < t->intervals + t->nr_intervals; i++)
		if (i->state == STATE_RUNNABLE &&
		    (i->cause == CAUSE_WOKEN || i->cause == CAUSE_NEW) &&
		    (i == t->intervals || i[-1].state != STATE_RUNNABLE))
			put_waking(o, t, i);
}

uint64_t perfetto_track_of(const struct model *m, const struct thread *t)
{
	return TRACK_OF_THREAD + (uint64_t)(t - m->threads);
}

static void put_track(struct perfetto_out *o, const struct thread *t)
{
	Perfetto__ThreadDescriptor thread = PERFETTO__THREAD_DESCRIPTOR__INIT;
	Perfetto__TrackDescriptor track = PERFETTO__TRACK_DESCRIPTOR__INIT;
	Perfetto__TracePacket packet = PERFETTO__TRACE_PACKET__INIT;
	char name[ONCPU_COMM_LEN + 1];

	thread.has_pid = thread.has_tid = true;
	thread.pid = (int32_t)(t->tgid ? t->tgid : t->tid);
	thread.tid = (int32_t)t->tid;
	thread.thread_name = clean_name(t, name);
	track.has_uuid = true;
	track.uuid = perfetto_track_of(o->m, t);
	track.thread = &thread;
	packet.track_descriptor = &track;
	perfetto_put(o, &packet);
}

static void put_slice_end(struct perfetto_out *o, const struct thread *t, uint64_t time_ns)
{
	Perfetto__TrackEvent event = PERFETTO__TRACK_EVENT__INIT;
	Perfetto__TracePacket packet = PERFETTO__TRACE_PACKET__INIT;

	event.has_type = event.has_track_uuid = packet.has_timestamp = true;
	event.type = PERFETTO__TRACK_EVENT__TYPE__TYPE_SLICE_END;
	event.track_uuid = perfetto_track_of(o->m, t);
	packet.timestamp = time_ns;
	packet.track_event = &event;
	perfetto_put(o, &packet);
}

static void put_slice(struct perfetto_out *o, const struct thread *t, const struct interval *i)
{
	Perfetto__DebugAnnotation note = PERFETTO__DEBUG_ANNOTATION__INIT, *notes[1] = { &note };
	Perfetto__TrackEvent event = PERFETTO__TRACK_EVENT__INIT;
	Perfetto__TracePacket packet = PERFETTO__TRACE_PACKET__INIT;
	char what[MODEL_TEMPLATE], sentence[MODEL_SENTENCE], *categories[1] = { (char *)"wait" };

	model_awaited(o->m, i, what, sizeof(what));
	model_sentence(o->m, t, i, sentence, sizeof(sentence));
	view_clean(sentence, true);
	note.name = (char *)"what happened";
	note.string_value = sentence;
	event.n_debug_annotations = 1;
	event.debug_annotations = notes;
	event.has_type = event.has_track_uuid = packet.has_timestamp = true;
	event.type = PERFETTO__TRACK_EVENT__TYPE__TYPE_SLICE_BEGIN;
	event.track_uuid = perfetto_track_of(o->m, t);
	event.name = what;
	event.n_categories = 1;
	event.categories = categories;
	packet.timestamp = i->start_ns;
	packet.track_event = &event;
	perfetto_put(o, &packet);
	put_slice_end(o, t, i->end_ns);
}

static void put_waits(struct perfetto_out *o, const struct thread *t)
{
	const struct interval *i;

	for (i = t->intervals; i < t->intervals + t->nr_intervals; i++)
		if ((i->state == STATE_SLEEPING || i->state == STATE_BLOCKED) &&
		    i->cause != CAUSE_UNKNOWN)
			put_slice(o, t, i);
}

int view_perfetto(FILE *f, const struct model *m)
{
	struct perfetto_out o = { .f = f, .m = m };
	const struct thread *t;
	unsigned int cpu;

	errno = 0;
	for (t = m->threads; t < m->threads + m->nr_threads; t++)
		put_process(&o, t);
	for (cpu = 0; cpu < m->nr_cpus; cpu++)
		put_switches(&o, cpu);
	perfetto_put_gaps(&o);
	for (t = m->threads; t < m->threads + m->nr_threads; t++) {
		put_wakings(&o, t);
		if (!t->target)
			continue;
		put_track(&o, t);
		put_waits(&o, t);
	}
	perfetto_put_marks(&o);
	perfetto_put_decisions(&o);
	free(o.buffer);
	if (o.err)
		return o.err;
	return ferror(f) ? (errno ? -errno : -EIO) : 0;
}
