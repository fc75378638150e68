// SPDX-License-Identifier: GPL-2.0
/* What every thread does now: it agrees with the model, and never contradicts itself. */
#include <string.h>

#include "builder.h"
#include "kselftest_harness.h"
#include "model/now.h"

static const char world[] = "cpus 2\nend 20\nexit 0\n"
			    "task A 100 100 1 prog\ntask X 50 50 1 other\nname B 101\nname C "
			    "102\nname N 103\ntarget A\n"
			    "0.5 cpu0 switch idle -> A R\n"
			    "1 cpu0 fork A -> B\n"
			    "1 cpu0 new B by A at 1\n"
			    "1.2 cpu1 switch idle -> B R\n"
			    "2 cpu0 fork A -> C process\n"
			    "2 cpu0 new C by A at 0\n"
			    "2.5 cpu0 comm C child\n"
			    "3 cpu0 futex_wait A 0x7f00\n"
			    "3 cpu0 switch A -> C S\n"
			    "4 cpu1 lock B 0xffff10\n"
			    "4 cpu1 switch B -> idle D\n"
			    "5 cpu0 switch C -> X P\n"
			    "6 cpu0 migrate C 0 -> 1 by X\n"
			    "7 cpu1 switch idle -> C R\n"
			    "8 cpu1 waking X by C at 0\n"
			    "9 cpu0 switch X -> idle S\n"
			    "10 cpu1 fork C -> N\n"
			    "10 cpu1 new N by C at 1\n"
			    "11 cpu1 switch C -> N K in read 3 pipe\n"
			    "12 cpu1 exit N\n"
			    "13 cpu1 switch N -> idle X\n";

FIXTURE(now)
{
	struct now n;
};

FIXTURE_SETUP(now)
{
	ASSERT_EQ(0, now_begin(&self->n, 2, NULL));
}

FIXTURE_TEARDOWN(now)
{
	now_end(&self->n);
}

/* NULL, or what does not hold. */
static const char *broken(const struct now *n)
{
	unsigned int running = 0, runnable = 0, waits = 0, threads = 0, queued[2] = { 0 }, cpu;
	size_t i;

	for (i = 0; i < n->size; i++) {
		const struct now_thread *t = n->table[i];

		if (!t)
			continue;
		threads++;
		if (now_find(n, t->tid) != t)
			return "a thread that is not found";
		running += t->now.state == STATE_RUNNING;
		runnable += t->now.state == STATE_RUNNABLE;
		waits += now_is_lock_wait(t);
		if (t->now.state == STATE_RUNNABLE && t->now.cpu >= 0)
			queued[t->now.cpu]++;
		if (t->now.state == STATE_RUNNING && n->cpus[t->now.cpu].on != t)
			return "a thread that runs where it is not";
	}
	for (cpu = 0; cpu < 2; cpu++) {
		const struct now_thread *on = n->cpus[cpu].on;

		if (n->cpus[cpu].queued != queued[cpu])
			return "a queue of another length";
		if (on && (on->now.state != STATE_RUNNING || on->now.cpu != (int)cpu))
			return "somebody on a CPU who does not run there";
	}
	if (threads != n->nr_threads || running != n->nr_running || runnable != n->nr_runnable ||
	    waits != n->nr_lock_waits)
		return "counts that are none";
	return NULL;
}

/* At each record's time, the model says the same of everybody. */
TEST_F(now, agrees_with_the_model)
{
	struct trace *trace;
	struct model *m;
	char why[256];
	size_t next[2] = { 0 }, i, nr_compared = 0;

	ASSERT_EQ(0, builder_trace(&trace, world, why, sizeof(why)));
	ASSERT_EQ(0, model_build(&m, trace, 0));
	for (i = 0; i < trace->nr_tasks; i++)
		now_add(&self->n, trace->tasks[i].tid, trace->tasks[i].tgid, trace->tasks[i].ppid,
			trace->tasks[i].comm, trace->tasks[i].tid == 100);
	for (;;) {
		const struct trace_stream *s, *first = NULL;

		for (s = trace->streams; s < trace->streams + trace->nr_streams; s++)
			if (next[s->cpu] < s->n &&
			    (!first || s->records[next[s->cpu]].time_ns <
					       first->records[next[first->cpu]].time_ns))
				first = s;
		if (!first)
			break;
		now_take(&self->n, first->cpu, &first->records[next[first->cpu]++]);
		ASSERT_STREQ("", broken(&self->n) ? broken(&self->n) : "");
		for (i = 0; i < m->nr_threads; i++) {
			const struct thread *t = &m->threads[i];
			const struct interval *at = model_at(t, self->n.time_ns + 1);
			const struct now_thread *mine = now_find(&self->n, t->tid);

			if (!at || !mine || at->state == STATE_DEAD || !mine->now.start_ns)
				continue;
			/* Others at that instant are yet to come. */
			if (first->n > next[first->cpu] &&
			    first->records[next[first->cpu]].time_ns == self->n.time_ns)
				continue;
			EXPECT_EQ(at->state, mine->now.state)
			{
				TH_LOG("%u at %llu", t->tid,
				       (unsigned long long)(self->n.time_ns - m->start_ns));
			}
			EXPECT_EQ(at->cause, mine->now.cause);
			EXPECT_EQ(at->address, mine->now.address);
			nr_compared++;
		}
	}
	EXPECT_LT(30, nr_compared);
	EXPECT_EQ(NULL, now_find(&self->n, 103)); /* it has ended */
	EXPECT_STREQ("child", now_find(&self->n, 102)->comm);
	EXPECT_STREQ("prog", now_find(&self->n, 101)->comm);
	EXPECT_EQ(100, now_find(&self->n, 101)->tgid);
	EXPECT_EQ(102, now_find(&self->n, 102)->tgid);
	EXPECT_TRUE(now_find(&self->n, 102)->target);
	EXPECT_FALSE(now_find(&self->n, 50)->target);
	EXPECT_EQ(9, self->n.nr_switches);
	model_free(m);
	trace_free(trace);
}

static uint32_t seed = 1;

static uint32_t draw(uint32_t below)
{
	seed = seed * 1664525 + 1013904223;
	return (seed >> 8) % below;
}

TEST_F(now, nonsense)
{
	struct oncpu_record r;
	unsigned int i;

	for (i = 0; i < 200000; i++) {
		unsigned int k;

		for (k = 0; k < sizeof(r) / 4; k++)
			((uint32_t *)&r)[k] = draw(12);
		r.time_ns = 1000 + i;
		r.tid = draw(40);
		r.type = (uint8_t)draw(ONCPU_RECORD_TYPE_END);
		if (r.type == ONCPU_LOST && draw(10))
			r.type = ONCPU_SWITCH;
		if (r.type == ONCPU_SWITCH) {
			r.sched_switch.prev_state = draw(5) ? draw(3) : 0x80;
			r.sched_switch.next_tid = draw(40);
		}
		now_take(&self->n, draw(3), &r); /* one of these CPUs is not there */
		ASSERT_STREQ("", broken(&self->n) ? broken(&self->n) : "")
		{
			TH_LOG("record %u", i);
		}
	}
	EXPECT_EQ(0, self->n.err);
}

TEST_HARNESS_MAIN
