// SPDX-License-Identifier: GPL-2.0
/* Models made by hand; see models.h. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "models.h"

#define MS	   1000000ull
#define START	   5000000000ull
#define MUST(what) ((what) ?: (abort(), (what)))

static struct model *new_model(uint64_t span_ns, unsigned int nr_cpus)
{
	struct model *m = MUST(calloc(1, sizeof(*m)));

	m->start_ns = START;
	m->span_start_ns = START;
	m->end_ns = m->span_end_ns = START + span_ns;
	m->nr_cpus = nr_cpus;
	m->cpus = MUST(calloc(nr_cpus, sizeof(*m->cpus)));
	m->threads = MUST(calloc(1, sizeof(*m->threads)));
	m->nr_records = 23;
	m->source = TRACE_BPF;
	m->finished = m->complete = true;
	return m;
}

static void add_thread(struct model *m, uint32_t tid, bool target, const char *comm)
{
	struct thread *t;

	m->threads = MUST(realloc(m->threads, (m->nr_threads + 1) * sizeof(*m->threads)));
	t = &m->threads[m->nr_threads++];
	memset(t, 0, sizeof(*t));
	t->tid = tid;
	t->tgid = 41;
	t->target = target;
	snprintf(t->comm, sizeof(t->comm), "%s", comm);
	t->start_ns = START;
}

/* The next interval of thread i of the model, until a time since the start. */
static struct interval *until(struct model *m, size_t thread, uint64_t end_ns, enum state state,
			      enum cause cause, int cpu)
{
	struct thread *t = &m->threads[thread];
	struct interval *i;

	t->intervals = MUST(realloc(t->intervals, (t->nr_intervals + 1) * sizeof(*t->intervals)));
	i = &t->intervals[t->nr_intervals++];
	memset(i, 0, sizeof(*i));
	i->start_ns = t->nr_intervals > 1 ? i[-1].end_ns : t->start_ns;
	i->end_ns = START + end_ns;
	i->state = state;
	i->cause = cause;
	i->cpu = cpu;
	t->end_ns = i->end_ns;
	t->total_ns[state] += i->end_ns - i->start_ns;
	return i;
}

static void run_on(struct model *m, unsigned int cpu, uint64_t start_ns, uint64_t end_ns,
		   uint32_t tid)
{
	struct cpu *c = &m->cpus[cpu];
	struct cpu_interval *i;

	c->intervals = MUST(realloc(c->intervals, (c->nr_intervals + 1) * sizeof(*c->intervals)));
	i = &c->intervals[c->nr_intervals++];
	memset(i, 0, sizeof(*i));
	i->start_ns = START + start_ns;
	i->end_ns = START + end_ns;
	i->tid = tid;
	i->target = tid && model_thread(m, tid) && model_thread(m, tid)->target;
	if (i->target)
		c->target_ns += end_ns - start_ns;
}

/* Until a time, from the end of what ran there before. */
static void on_cpu(struct model *m, unsigned int cpu, uint64_t end_ns, uint32_t tid)
{
	const struct cpu *c = &m->cpus[cpu];
	uint64_t from = c->nr_intervals ? c->intervals[c->nr_intervals - 1].end_ns : START;

	run_on(m, cpu, from - START, end_ns, tid);
}

static void runs(struct model *m, size_t thread, uint64_t end_ns, int cpu)
{
	until(m, thread, end_ns, STATE_RUNNING, CAUSE_UNKNOWN, cpu);
}

static void waits_for_cpu(struct model *m, size_t thread, uint64_t end_ns, enum cause cause,
			  uint32_t waker, uint32_t instead)
{
	struct interval *i = until(m, thread, end_ns, STATE_RUNNABLE, cause, 0);

	i->waker = waker;
	i->instead = instead;
}

static void waits_for_futex(struct model *m, size_t thread, uint64_t end_ns, uint64_t address,
			    uint32_t owner)
{
	struct interval *i = until(m, thread, end_ns, STATE_SLEEPING, CAUSE_FUTEX, -1);

	i->address = address;
	i->owner = i->waker = owner;
}

static void two_hello(struct model *m)
{
	runs(m, 0, 10 * MS, 0);
	waits_for_futex(m, 0, 350 * MS, 0x7f3a10000910, 43);
	m->threads[0].intervals[1].cause = CAUSE_JOIN;
	waits_for_cpu(m, 0, 351 * MS, CAUSE_WOKEN, 43, 0);
	runs(m, 0, 400 * MS, 0);
}

static void two_left(struct model *m)
{
	m->threads[1].start_ns = START + 5 * MS;
	waits_for_cpu(m, 1, 10 * MS, CAUSE_NEW, 41, 41);
	runs(m, 1, 50 * MS, 0);
	waits_for_cpu(m, 1, 90 * MS, CAUSE_PREEMPTED, 0, 43);
	runs(m, 1, 220 * MS, 0);
	waits_for_futex(m, 1, 300 * MS, 0x7f3a10000040, 43);
	runs(m, 1, 340 * MS, 0);
	until(m, 1, 340 * MS, STATE_DEAD, CAUSE_UNKNOWN, -1);
}

static void two_right(struct model *m)
{
	m->threads[2].start_ns = START + 8 * MS;
	waits_for_cpu(m, 2, 50 * MS, CAUSE_NEW, 41, 42);
	runs(m, 2, 90 * MS, 0);
	waits_for_cpu(m, 2, 130 * MS, CAUSE_PREEMPTED, 0, 42);
	runs(m, 2, 230 * MS, 1);
	until(m, 2, 245 * MS, STATE_BLOCKED, CAUSE_UNKNOWN, -1)->waker_irq = true;
	runs(m, 2, 350 * MS, 1);
	until(m, 2, 350 * MS, STATE_DEAD, CAUSE_UNKNOWN, -1);
}

struct model *model_two(void)
{
	static const uint64_t cpu0[][2] = { { 10, 41 },	 { 50, 42 },  { 90, 43 },
					    { 220, 42 }, { 300, 0 },  { 340, 42 },
					    { 345, 0 },	 { 351, 17 }, { 400, 41 } };
	static const uint64_t cpu1[][2] = {
		{ 130, 0 }, { 230, 43 }, { 245, 0 }, { 350, 43 }, { 400, 0 }
	};
	struct model *m = new_model(400 * MS, 2);
	size_t i;

	add_thread(m, 41, true, "hello");
	add_thread(m, 42, true, "left");
	add_thread(m, 43, true, "right");
	two_hello(m);
	two_left(m);
	two_right(m);
	for (i = 0; i < sizeof(cpu0) / sizeof(cpu0[0]); i++)
		on_cpu(m, 0, cpu0[i][0] * MS, (uint32_t)cpu0[i][1]);
	for (i = 0; i < sizeof(cpu1) / sizeof(cpu1[0]); i++)
		on_cpu(m, 1, cpu1[i][0] * MS, (uint32_t)cpu1[i][1]);
	m->peak_parallel = 2;
	m->parallel_ns[2] = 130 * MS;
	return m;
}

struct model *model_hostile(void)
{
	static const char *const names[] = { "</script><img o", "\"onload=x//'`&", "<!--<script>",
					     "\033[2J\xff\xe2\x80\xae"
					     "abc" };
	struct model *m = new_model(100 * MS, 1);
	uint32_t i;

	for (i = 0; i < 4; i++) {
		add_thread(m, 8 + i, true, names[i]);
		runs(m, i, (i + 1) * 10 * MS, 0);
		waits_for_futex(m, i, 90 * MS, 0xffffffff81234568, 8);
		until(m, i, 100 * MS, STATE_UNKNOWN, CAUSE_UNKNOWN, -1);
	}
	on_cpu(m, 0, 40 * MS, 8);
	run_on(m, 0, 45 * MS, 100 * MS, 8);
	m->nr_lost = 12;
	m->cpus[0].nr_lost = 12;
	m->gaps = MUST(calloc(1, sizeof(*m->gaps)));
	m->gaps[m->nr_gaps++] = (struct gap){ START + 40 * MS, START + 45 * MS, 12, 0 };
	m->blind_ns = 5 * MS;
	m->finished = m->complete = false;
	return m;
}

struct model *model_many(unsigned int n)
{
	struct model *m = new_model(n * MS, 4);
	char comm[ONCPU_COMM_LEN];
	uint32_t i;

	for (i = 0; i < n; i++) {
		snprintf(comm, sizeof(comm), "worker-%u", i % 1000);
		add_thread(m, 1000 + i, true, comm);
		m->threads[i].start_ns = START + i * MS;
		runs(m, i, (i + 1) * MS, (int)i % 4);
		run_on(m, i % 4, i * MS, (i + 1) * MS, 1000 + i);
	}
	return m;
}

/* An interval with a name that would like to be markup, a point, and a begin without an end. */
static void mark(struct model *m)
{
	static const char *const names[] = { "<b>work</b>", "token" };
	static const struct mark marks[] = {
		{ .start_ns = 25 * MS, .end_ns = 70 * MS, .off_cpu_ns = 10 * MS, .tid = 7 },
		{ .start_ns = 55 * MS,
		  .end_ns = 55 * MS,
		  .value = ~0ull,
		  .tid = 7,
		  .name = 1,
		  .depth = 1,
		  .point = true },
		{ .start_ns = 65 * MS,
		  .end_ns = 80 * MS,
		  .tid = 7,
		  .name = 2,
		  .depth = 1,
		  .no_end = true },
	};

	m->marks = malloc(sizeof(marks));
	memcpy(m->marks, marks, sizeof(marks));
	m->nr_marks = sizeof(marks) / sizeof(*marks);
	for (size_t i = 0; i < m->nr_marks; i++) {
		m->marks[i].start_ns += m->start_ns;
		m->marks[i].end_ns += m->start_ns;
	}
	m->mark_names = names;
	m->nr_mark_names = 2;
}

struct model *model_framed(void)
{
	struct model *m = new_model(100 * MS, 1);

	m->span_start_ns += 20 * MS;
	m->span_end_ns -= 20 * MS;
	add_thread(m, 7, true, "hello");
	until(m, 0, 10 * MS, STATE_UNKNOWN, CAUSE_UNKNOWN, -1);
	until(m, 0, 15 * MS, STATE_SLEEPING, CAUSE_UNKNOWN, -1)->waker_irq = true;
	runs(m, 0, 50 * MS, 0);
	until(m, 0, 60 * MS, STATE_SLEEPING, CAUSE_UNKNOWN, -1)->waker_irq = true;
	runs(m, 0, 80 * MS, 0);
	until(m, 0, 80 * MS, STATE_DEAD, CAUSE_UNKNOWN, -1);
	run_on(m, 0, 15 * MS, 50 * MS, 7);
	on_cpu(m, 0, 60 * MS, 0);
	on_cpu(m, 0, 80 * MS, 7);
	on_cpu(m, 0, 100 * MS, 0);
	mark(m);
	return m;
}

/* The n-th choice of all that an interval may say. */
static void any_interval(struct model *m, unsigned int n)
{
	static const uint32_t who[] = { 0, 42, 99, 41 };
	struct interval *i = until(m, 0, (n + 1) * MS, n % NR_STATES, n / NR_STATES % NR_CAUSES,
				   (int)(n % 3) - 1);

	n /= NR_STATES * NR_CAUSES;
	i->waker = who[n % 4];
	i->owner = who[n / 4 % 4];
	i->instead = who[n / 16 % 4];
	i->waker_irq = !i->waker && n / 64 % 2;
	i->open = n / 128 % 2;
	i->address = 0x7f3a10000910;
	i->call = (int16_t)(n % 5 * 100 - 1);
	i->lock = (n + n / 4 + n / 16) % 4;
	i->spot = (n + n / 8) % 3;
}

static void add_locks(struct model *m)
{
	static const struct model_lock locks[] = {
		{ .address = 0x7f3a10000910, .kind = ONCPU_ULOCK_MUTEX, .name = "queue.lock" },
		{ .address = 0x7f3a10000918, .kind = ONCPU_ULOCK_RWLOCK, .spot = 2 },
		{ .address = 0x7f3a10000920 },
	};
	static const struct model_spot spots[] = { { "put", "queue.c:42" },
						   { "", "a.out+0x1139" } };

	m->locks = MUST(malloc(sizeof(locks)));
	memcpy(m->locks, locks, sizeof(locks));
	m->nr_locks = 3;
	m->spots = MUST(malloc(sizeof(spots)));
	memcpy(m->spots, spots, sizeof(spots));
	m->nr_spots = 2;
}

/* a holds a lock from 10 to 40 ms, then b until 60, then c; b, c and d queue for it, and d waits on. */
struct model *model_queue(void)
{
	static const struct {
		uint64_t from, to;
		uint32_t holder, waker;
	} waits[] = { { 10, 40, 50, 50 }, { 20, 60, 50, 51 }, { 30, 100, 50, 0 } };
	struct model *m = new_model(100 * MS, 4);
	size_t i;

	add_thread(m, 50, true, "a");
	runs(m, 0, 40 * MS, 0);
	until(m, 0, 40 * MS, STATE_DEAD, CAUSE_UNKNOWN, -1);
	run_on(m, 0, 0, 40 * MS, 50);
	for (i = 0; i < 3; i++) {
		struct interval *wait;

		add_thread(m, 51 + (uint32_t)i, true, i == 0 ? "b" : i == 1 ? "c" : "d");
		runs(m, i + 1, waits[i].from * MS, (int)i + 1);
		run_on(m, (unsigned int)i + 1, 0, waits[i].from * MS, 51 + (uint32_t)i);
		waits_for_futex(m, i + 1, waits[i].to * MS, 0x7f3a10000910, waits[i].holder);
		wait = &m->threads[i + 1].intervals[1];
		wait->lock = 1;
		wait->waker = waits[i].waker;
		wait->open = !wait->waker;
		if (wait->open)
			continue;
		runs(m, i + 1, (80 + 10 * i) * MS, (int)i + 1);
		run_on(m, (unsigned int)i + 1, waits[i].to * MS, (80 + 10 * i) * MS,
		       51 + (uint32_t)i);
		until(m, i + 1, (80 + 10 * i) * MS, STATE_DEAD, CAUSE_UNKNOWN, -1);
	}
	add_locks(m);
	m->locks[0].nr_waits = 3;
	m->locks[0].wait_ns = 140 * MS;
	return m;
}

/* On each other interval of the first thread that can have one, of every kind in turn. */
static void add_decisions(struct model *m)
{
	static const uint16_t queues[] = { 0, 2, ONCPU_DECISION_CHOSEN, ONCPU_DECISION_NOWHERE };
	static struct trace_why why[] = { { 1, (char *)"it has <b># left</b>" } };
	static const struct trace_policy policy = {
		.name = (char *)"mine&", .why = why, .nr_why = 1, .nr_queues = 3
	};
	struct thread *t = &m->threads[0];
	struct decision *d;
	size_t i;

	m->policy = &policy;
	m->decisions = MUST(calloc(t->nr_intervals, sizeof(*m->decisions)));
	for (i = 0; i < t->nr_intervals; i += 2) {
		d = &m->decisions[m->nr_decisions++];
		d->time_ns = t->intervals[i].start_ns;
		d->slice_us = i % 3 ? (uint32_t)i : ONCPU_DECISION_NO_END;
		d->number = (uint32_t)i;
		d->queue = queues[i / 2 % 4];
		d->why = (uint16_t)(i / 8 % 2);
	}
	t->decisions = m->decisions;
	t->nr_decisions = m->nr_decisions;
}

struct model *model_words(void)
{
	const unsigned int n = NR_STATES * NR_CAUSES * 256;
	struct model *m = new_model(n * MS, 2);
	unsigned int i;

	add_thread(m, 41, true, "hello");
	add_thread(m, 42, true, "");
	add_locks(m);
	for (i = 0; i < n; i++)
		any_interval(m, i);
	until(m, 1, n * MS, STATE_UNKNOWN, CAUSE_UNKNOWN, -1);
	add_decisions(m);
	return m;
}

struct model *model_empty(uint64_t span_ns)
{
	return new_model(span_ns, 2);
}

struct model *model_nap(void)
{
	struct model *m = new_model(3600000 * MS, 1);

	add_thread(m, 7, true, "sleep");
	runs(m, 0, 2 * MS, 0);
	until(m, 0, 3599990 * MS, STATE_SLEEPING, CAUSE_UNKNOWN, -1)->waker_irq = true;
	runs(m, 0, 3600000 * MS, 0);
	on_cpu(m, 0, 2 * MS, 7);
	on_cpu(m, 0, 3599990 * MS, 0);
	on_cpu(m, 0, 3600000 * MS, 7);
	return m;
}
