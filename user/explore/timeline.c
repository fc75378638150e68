// SPDX-License-Identifier: GPL-2.0
#include "explore/timeline.h"

#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/trace.h"

#define START_NS  1000000000ull
#define EVENT_NS  1000ull
#define FIRST_TID 1000u
#define SLEEPS	  0x1u /* as the kernel's raw state has it */
#define NORMAL	  120
#define MAX_COMM  15
#define PER_EVENT 4

struct timeline {
	struct oncpu_record *records;
	uint32_t nr;
	const struct shared *s;
	const struct code *src;
};

static uint32_t tid_of(uint32_t thread)
{
	return FIRST_TID + thread;
}

static struct oncpu_record *add(struct timeline *l, uint8_t type, uint64_t at, uint32_t tid)
{
	struct oncpu_record *r = &l->records[l->nr++];

	*r = (struct oncpu_record){ .time_ns = START_NS + at * EVENT_NS, .tid = tid, .type = type };
	return r;
}

static void add_switch(struct timeline *l, uint64_t at, uint32_t from, uint32_t to, bool sleeps)
{
	struct oncpu_record *r = add(l, ONCPU_SWITCH, at, from);

	r->sched_switch.next_tid = to;
	r->sched_switch.prev_state = sleeps ? SLEEPS : 0;
	r->sched_switch.prev_prio = r->sched_switch.next_prio = NORMAL;
	r->sched_switch.syscall = -1;
	r->flags = from && !sleeps ? ONCPU_SWITCH_PREEMPTED : 0;
}

/* "T1 worker" */
static void name_thread(const struct timeline *l, uint32_t thread, char *comm)
{
	const char *function = "main";

	if (thread)
		function = code_line(l->src, l->s->threads[thread].start_pc + 1)->function;
	snprintf(comm, MAX_COMM + 1, "T%u %.*s", thread, MAX_COMM - 5, function);
}

static void add_child(struct timeline *l, uint64_t at, const struct shared_event *e)
{
	uint32_t child = (uint32_t)e->value % MAX_THREADS;
	struct oncpu_record *r = add(l, ONCPU_FORK, at, tid_of(e->thread));

	r->fork.tid = tid_of(child);
	r->fork.tgid = r->fork.parent_tgid = FIRST_TID;
	r = add(l, ONCPU_COMM, at, tid_of(child));
	name_thread(l, child, r->comm);
}

static bool waits(uint32_t op)
{
	return op == OP_JOIN || op == OP_WAKE || op == OP_SEM_WAIT || op == OP_FUTEX_WAIT ||
	       op == OP_BARRIER || op == OP_KERNEL || op == OP_SLEEP;
}

/* Whether the thread of event i went to sleep after it: told by what it did next, or never did. */
static bool sleeps_after(const struct shared *s, uint32_t i)
{
	uint32_t k;

	for (k = i + 1; k < s->nr_events; k++)
		if (s->events[k].thread == s->events[i].thread)
			return waits(s->events[k].op);
	return true;
}

static void add_wake(struct timeline *l, uint64_t at, uint32_t who, uint32_t by)
{
	struct oncpu_record *r = add(l, ONCPU_WAKING, at, tid_of(by));

	r->wake.tid = tid_of(who);
	r->wake.prio = NORMAL;
}

static void fill(struct timeline *l)
{
	bool asleep[MAX_THREADS] = { false };
	const struct shared *s = l->s;
	uint32_t i, now;

	add_switch(l, 0, 0, tid_of(s->events[0].thread), false);
	for (i = 0; i < s->nr_events; i++) {
		const struct shared_event *e = &s->events[i];

		now = e->thread % MAX_THREADS;
		if (i && s->events[i - 1].thread != now) {
			uint32_t before = s->events[i - 1].thread % MAX_THREADS;

			if (asleep[now])
				add_wake(l, i, now, before);
			asleep[now] = false;
			asleep[before] = sleeps_after(s, i - 1);
			add_switch(l, i, tid_of(before), tid_of(now), asleep[before]);
		}
		if (e->op == OP_CREATE && e->flags & EVENT_HAS_VALUE)
			add_child(l, i, e);
	}
	add_switch(l, i, tid_of(s->events[i - 1].thread), 0, true);
}

static char *meta_json(const char *program)
{
	json_t *o = json_pack(
		"{s:s, s:[s], s:i, s:{s:s, s:s, s:i, s:s}, s:s, s:I, s:s, s:[s], s:[{s:i, s:i, "
		"s:i, s:s}]}",
		"oncpu", "explore", "command", program, "target_tid", (int)FIRST_TID, "machine",
		"kernel", "explorer", "arch", "x86_64", "cpus", 1, "host", "schedule", "clock",
		"CLOCK_MONOTONIC", "start_ns", (json_int_t)START_NS, "start_utc",
		"1970-01-01T00:00:00Z", "sources", "bpf", "tasks", "tid", (int)FIRST_TID, "tgid",
		(int)FIRST_TID, "ppid", 1, "comm", "T0 main");
	char *text = o ? json_dumps(o, 0) : NULL;

	json_decref(o);
	return text;
}

static int write_all(struct timeline *l, const char *path, const char *meta)
{
	struct trace_writer *w = NULL;
	char end[256];
	int err;

	snprintf(end, sizeof(end),
		 "{\"end_ns\":%llu,\"exit\":{\"code\":0},\"sources\":[{\"name\":\"bpf\",\"cpus\":"
		 "[{\"cpu\":0,\"records\":%u,\"lost\":0}]}]}",
		 (unsigned long long)(START_NS + (l->s->nr_events + 1) * EVENT_NS), l->nr);
	err = trace_writer_open(&w, path, meta);
	if (!err)
		err = trace_writer_records(w, TRACE_BPF, 0, l->records, l->nr);
	if (!err)
		err = trace_writer_finish(w, end);
	trace_writer_close(w);
	return err;
}

int timeline_write(const char *path, const struct shared *s, const struct code *src,
		   const char *program)
{
	struct timeline l = { .s = s, .src = src };
	char *meta;
	int err = -ENOMEM;

	if (!s->nr_events)
		return -ENODATA;
	meta = meta_json(program);
	l.records = calloc((size_t)PER_EVENT * s->nr_events + 2, sizeof(*l.records));
	if (meta && l.records) {
		fill(&l);
		err = write_all(&l, path, meta);
	}
	free(l.records);
	free(meta);
	return err;
}
