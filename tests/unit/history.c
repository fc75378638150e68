// SPDX-License-Identifier: GPL-2.0
/* The last seconds of a recording, in memory: bounds, order, and what is kept of what went. */
#include <string.h>

#include "kselftest_harness.h"
#include "record/history.h"

#define MS	 1000000ull
#define START_NS (100 * MS)
#define ROOM	 4096u /* the least that it takes */

static struct oncpu_record record(uint64_t ms, uint8_t type, uint32_t tid)
{
	return (struct oncpu_record){ .time_ns = START_NS + ms * MS, .type = type, .tid = tid };
}

static struct oncpu_record switched(uint64_t ms, uint32_t from, uint32_t to, uint32_t state)
{
	struct oncpu_record r = record(ms, ONCPU_SWITCH, from);

	r.sched_switch.next_tid = to;
	r.sched_switch.prev_state = state;
	r.sched_switch.syscall = -1;
	return r;
}

static void add(struct history *h, unsigned int cpu, struct oncpu_record r)
{
	history_add(h, cpu, &r);
}

FIXTURE(history)
{
	struct history h;
};

FIXTURE_SETUP(history)
{
	ASSERT_EQ(0, history_begin(&self->h, 2, START_NS, 1000 * MS, 0));
}

FIXTURE_TEARDOWN(history)
{
	history_end(&self->h);
}

TEST_F(history, what_is_too_old_goes)
{
	uint64_t i;

	for (i = 0; i < 2000; i++)
		add(&self->h, i % 2, record(i, ONCPU_WAKING, 7));
	history_trim(&self->h, START_NS + 1999 * MS);
	ASSERT_EQ(1001, history_count(&self->h));
	EXPECT_EQ(START_NS + 999 * MS, self->h.start_ns);
	EXPECT_EQ(START_NS + 1999 * MS, self->h.end_ns);
	EXPECT_FALSE(self->h.full);
	for (i = 0; i < 1001; i++) {
		EXPECT_EQ(START_NS + (i + 999) * MS, history_record(&self->h, i)->time_ns);
		EXPECT_EQ((i + 999) % 2, history_record(&self->h, i)->lap);
	}
}

TEST_F(history, nothing_is_lost_while_it_grows)
{
	uint64_t i;

	history_end(&self->h);
	ASSERT_EQ(0, history_begin(&self->h, 2, START_NS, 1000000 * MS, 64u << 20));
	for (i = 0; i < 5 * ROOM + 1; i++)
		add(&self->h, 1, record(i, ONCPU_WAKING, (uint32_t)i));
	ASSERT_EQ(5 * ROOM + 1, history_count(&self->h));
	for (i = 0; i < 5 * ROOM + 1; i++)
		ASSERT_EQ(i, history_record(&self->h, i)->tid);
	EXPECT_FALSE(self->h.full);
	EXPECT_EQ(START_NS, self->h.start_ns);
}

TEST_F(history, bounded_in_bytes_and_says_so)
{
	uint64_t i;

	for (i = 0; i < 2 * ROOM; i++)
		add(&self->h, 0, record(i / 100, ONCPU_WAKING, (uint32_t)i));
	history_trim(&self->h, START_NS + 2 * ROOM / 100 * MS);
	EXPECT_EQ(ROOM, history_count(&self->h));
	EXPECT_EQ(ROOM, history_record(&self->h, 0)->tid);
	EXPECT_TRUE(self->h.full);
	EXPECT_EQ(START_NS + (ROOM - 1) / 100 * MS, self->h.start_ns); /* the last that went */
	history_trim(&self->h, START_NS + 5000 * MS);
	EXPECT_EQ(0, history_count(&self->h));
	EXPECT_FALSE(self->h.full); /* it reaches as far back as it is to */
	EXPECT_EQ(START_NS + 4000 * MS, self->h.start_ns);
}

TEST_F(history, names_and_states_outlive_their_records)
{
	struct oncpu_record r;
	struct now_thread *t;

	now_add(&self->h.before, 10, 10, 1, "prog", true);
	add(&self->h, 0, switched(1, 0, 10, 0));
	r = record(2, ONCPU_FORK, 10);
	r.fork.tid = 11;
	r.fork.tgid = 10;
	add(&self->h, 0, r);
	r = record(3, ONCPU_WAKEUP_NEW, 10);
	r.wake.tid = 11;
	r.wake.cpu = 1;
	add(&self->h, 0, r);
	add(&self->h, 1, switched(4, 0, 11, 0));
	r = record(5, ONCPU_COMM, 11);
	strcpy(r.comm, "worker");
	add(&self->h, 1, r);
	r = record(6, ONCPU_FUTEX_WAIT, 11);
	r.futex_wait.address = 0x7f00;
	add(&self->h, 1, r);
	add(&self->h, 1, switched(7, 11, 0, 1));
	r = record(2000, ONCPU_WAKING, 10);
	r.wake.tid = 11;
	add(&self->h, 0, r);
	history_trim(&self->h, START_NS + 2500 * MS);
	ASSERT_EQ(1, history_count(&self->h));
	t = now_find(&self->h.before, 11);
	ASSERT_NE(NULL, t);
	EXPECT_STREQ("worker", t->comm);
	EXPECT_TRUE(t->target);
	EXPECT_EQ(10, t->tgid);
	EXPECT_EQ(STATE_SLEEPING, t->now.state); /* the waking is not before, but in it */
	EXPECT_EQ(CAUSE_FUTEX, t->now.cause);
	EXPECT_EQ(0x7f00, t->now.address);
	t = now_find(&self->h.before, 10);
	EXPECT_EQ(STATE_RUNNING, t->now.state);
	EXPECT_EQ(0, t->now.cpu);
}

TEST_F(history, the_dead_are_forgotten)
{
	uint32_t tid;

	for (tid = 1; tid < 5000; tid++) {
		add(&self->h, 0, switched(tid * 2, 0, tid, 0));
		add(&self->h, 0, switched(tid * 2 + 1, tid, 0, 0x80));
	}
	history_trim(&self->h, START_NS + 100000 * MS);
	EXPECT_EQ(0, self->h.before.nr_threads);
	EXPECT_EQ(NULL, now_find(&self->h.before, 4999));
	EXPECT_GE(1024, self->h.before.size);
}

TEST_F(history, a_straggler_does_no_harm)
{
	add(&self->h, 0, switched(10, 0, 5, 0));
	add(&self->h, 1, switched(9, 0, 6, 0));
	add(&self->h, 0, switched(11, 5, 0, 1));
	EXPECT_EQ(3, history_count(&self->h));
	history_trim(&self->h, START_NS + 1010 * MS);
	EXPECT_EQ(3, history_count(&self->h)); /* the one before it is not too old yet */
	history_trim(&self->h, START_NS + 1011 * MS);
	EXPECT_EQ(1, history_count(&self->h));
	EXPECT_EQ(START_NS + 11 * MS, self->h.start_ns);
}

TEST_HARNESS_MAIN
