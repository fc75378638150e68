// SPDX-License-Identifier: GPL-2.0
/* The model's cases, each a few records: what they say, and that lives are tiled whatever they say. */
#include "model_case.h"

TEST_F(model, begins_in_the_middle)
{
	BUILD("1 cpu0 switch A -> X S\n"
	      "3 cpu0 waking A by X at 0\n"
	      "4 cpu0 switch X -> A S\n");
	EXPECT_STREQ("unknown 1000, sleeping 2000, runnable/woken@0 1000, running@0 6000",
		     life(self->m, 100));
	EXPECT_STREQ("unknown 1000, running@0 3000, sleeping 6000", life(self->m, 50));
	EXPECT_STREQ("unknown 10000", life(self->m, 51));
	EXPECT_EQ(50, interval_of(self->m, 100, 1)->waker);
	EXPECT_EQ(50, interval_of(self->m, 100, 2)->waker);
	EXPECT_EQ(50, interval_of(self->m, 100, 2)->instead);
	EXPECT_EQ(1000000, model_thread(self->m, 100)->latency_max_ns);
	EXPECT_EQ(1, model_thread(self->m, 100)->nr_voluntary);
	EXPECT_EQ(1, model_thread(self->m, 100)->nr_wakeups);
	EXPECT_EQ(0, self->m->cpus[1].nr_intervals);
	EXPECT_TRUE(self->m->complete);
}

TEST_F(model, the_wake_beats_the_sleep)
{
	BUILD("1 cpu0 switch idle -> A R\n"
	      "2 cpu1 waking A by X at 0\n"
	      "3 cpu0 switch A -> Y S\n"
	      "5 cpu0 switch Y -> A P\n");
	EXPECT_STREQ("unknown 1000, running@0 2000, runnable/woken@0 2000, running@0 5000",
		     life(self->m, 100));
	EXPECT_EQ(50, interval_of(self->m, 100, 2)->waker);
	EXPECT_EQ(1, model_thread(self->m, 100)->nr_wakeups);
	EXPECT_EQ(2000000, model_thread(self->m, 100)->latency_max_ns);
}

/* The wake only made it run on; the sleep that follows is another one, ended by another wake. */
TEST_F(model, the_wake_was_for_an_earlier_sleep)
{
	BUILD("1 cpu0 switch idle -> A R\n"
	      "2 cpu1 waking A by X at 0\n"
	      "3 cpu0 switch A -> Y S\n"
	      "5 cpu1 waking A by X hardirq at 0\n"
	      "6 cpu0 switch Y -> A P\n");
	EXPECT_STREQ("unknown 1000, running@0 2000, sleeping 2000, runnable/woken@0 1000, "
		     "running@0 4000",
		     life(self->m, 100));
	EXPECT_EQ(0, interval_of(self->m, 100, 2)->waker);
	EXPECT_TRUE(interval_of(self->m, 100, 2)->waker_irq);
	EXPECT_EQ(1, model_thread(self->m, 100)->nr_wakeups);
	EXPECT_EQ(1000000, model_thread(self->m, 100)->latency_max_ns);
}

/* It did something of its own in between, so it was awake and the wake is used up. */
TEST_F(model, the_wake_is_used_up)
{
	BUILD("1 cpu0 switch idle -> A R\n"
	      "2 cpu1 waking A by X at 0\n"
	      "2.5 cpu0 futex_wait A 0x7f00\n"
	      "3 cpu0 switch A -> Y S\n");
	EXPECT_STREQ("unknown 1000, running@0 2000, sleeping/futex 7000", life(self->m, 100));
	EXPECT_EQ(0, model_thread(self->m, 100)->nr_wakeups);
}

TEST_F(model, born_and_dead)
{
	BUILD("1 cpu0 switch idle -> A R\n"
	      "2 cpu0 fork A -> B\n"
	      "2 cpu0 new B by A at 1\n"
	      "3 cpu1 switch idle -> B R\n"
	      "4 cpu1 exit B\n"
	      "5 cpu1 switch B -> idle X\n");
	EXPECT_STREQ("runnable/new@1 1000, running@1 2000, dead 0", life(self->m, 101));
	EXPECT_EQ(2000000, model_thread(self->m, 101)->start_ns - self->m->start_ns);
	EXPECT_EQ(5000000, model_thread(self->m, 101)->end_ns - self->m->start_ns);
	EXPECT_EQ(100, model_thread(self->m, 101)->parent);
	EXPECT_EQ(100, model_thread(self->m, 101)->tgid);
	EXPECT_EQ(100, interval_of(self->m, 101, 0)->waker);
	EXPECT_STREQ("prog", model_thread(self->m, 101)->comm);
	EXPECT_TRUE(model_thread(self->m, 101)->target);
	EXPECT_FALSE(model_thread(self->m, 50)->target);
	EXPECT_EQ(1000000, model_thread(self->m, 101)->latency_max_ns);
	EXPECT_EQ(0, model_thread(self->m, 101)->nr_voluntary);
	EXPECT_EQ(2, self->m->peak_parallel);
	EXPECT_EQ(2000000, self->m->parallel_ns[2]);
	EXPECT_EQ(7000000, self->m->parallel_ns[1]);
	EXPECT_EQ(0, self->m->parallel_ns[0]);
}

TEST_F(model, a_tid_used_twice)
{
	BUILD("1 cpu0 switch idle -> A R\n"
	      "2 cpu0 fork A -> B\n"
	      "2 cpu0 new B by A at 1\n"
	      "3 cpu1 switch idle -> B R\n"
	      "4 cpu1 switch B -> X X\n"
	      "5 cpu1 fork X -> B process\n"
	      "5 cpu1 new B by X at 1\n"
	      "6 cpu1 switch X -> B S\n");
	ASSERT_EQ(5, self->m->nr_threads);
	EXPECT_STREQ("runnable/new@1 1000, running@1 4000", life(self->m, 101));
	EXPECT_FALSE(model_thread(self->m, 101)->target);
	EXPECT_EQ(101, model_thread(self->m, 101)->tgid);
	EXPECT_TRUE(model_thread_at(self->m, 101, BUILDER_START_NS + 3500000)->target);
	EXPECT_EQ(NULL, model_thread_at(self->m, 101, BUILDER_START_NS + 4500000));
	EXPECT_FALSE(model_thread_at(self->m, 101, BUILDER_START_NS + 7000000)->target);
	EXPECT_EQ(2, self->m->peak_parallel);
	EXPECT_EQ(1000000, self->m->parallel_ns[2]);
}

TEST_F(model, a_tid_reused_without_a_birth)
{
	BUILD("1 cpu0 switch idle -> A R\n"
	      "2 cpu0 switch A -> X X\n"
	      "4 cpu0 waking A by X at 0\n");
	ASSERT_EQ(4, self->m->nr_threads);
	EXPECT_STREQ("runnable/woken@0 6000", life(self->m, 100));
	EXPECT_FALSE(model_thread(self->m, 100)->target);
}

/* At one instant the end of one turn comes before the begin of the next: that is no overlap. */
TEST_F(model, a_hand_over_is_no_overlap)
{
	BUILD("1 cpu0 switch idle -> A R\n"
	      "1 cpu0 fork A -> B\n"
	      "2 cpu0 switch A -> idle S\n"
	      "2 cpu1 switch idle -> B R\n"
	      "3 cpu1 switch B -> idle S\n"
	      "3 cpu0 switch idle -> A R\n");
	EXPECT_EQ(1, self->m->peak_parallel);
	EXPECT_EQ(9000000, self->m->parallel_ns[1]);
}

/* At one instant the lower CPU comes first, so who leaves there can come elsewhere. */
TEST_F(model, ties_go_by_cpu)
{
	BUILD("1 cpu0 switch idle -> A R\n"
	      "2 cpu1 switch idle -> A R\n"
	      "2 cpu0 switch A -> idle P\n");
	EXPECT_STREQ("unknown 1000, running@0 1000, running@1 8000", life(self->m, 100));
}

/* The FORK of the reused tid is all that tells of the first one's end. */
TEST_F(model, a_tid_reused_without_an_end)
{
	BUILD("1 cpu0 switch idle -> X R\n"
	      "2 cpu0 waking B by X at 0\n"
	      "5 cpu0 fork X -> B process\n");
	ASSERT_EQ(5, self->m->nr_threads);
	EXPECT_STREQ("runnable/new 5000", life(self->m, 101));
	EXPECT_EQ(STATE_DEAD, self->m->threads[3].intervals[2].state);
	EXPECT_EQ(3, self->m->threads[3].nr_intervals);
}

TEST_F(model, preempted_and_yielding)
{
	BUILD("1 cpu0 switch idle -> A R\n"
	      "2 cpu0 switch A -> X P\n"
	      "3 cpu0 switch X -> A R\n"
	      "4 cpu0 switch A -> X R\n");
	EXPECT_STREQ("unknown 1000, running@0 1000, runnable/preempted@0 1000, running@0 1000, "
		     "runnable/preempted@0 6000",
		     life(self->m, 100));
	EXPECT_EQ(2, model_thread(self->m, 100)->nr_involuntary);
	EXPECT_EQ(0, model_thread(self->m, 100)->nr_voluntary);
	EXPECT_EQ(0, model_thread(self->m, 100)->latency_max_ns);
	EXPECT_TRUE(interval_of(self->m, 100, 4)->open);
}

/* Preempted while about to sleep: the flag decides, not the state; and a wake moves nothing. */
TEST_F(model, preempted_on_its_way_to_sleep)
{
	BUILD("1 cpu0 switch idle -> A R\n"
	      "2 cpu0 switch A -> X PS\n"
	      "3 cpu0 waking A by X at 0\n"
	      "4 cpu0 switch X -> A S\n");
	EXPECT_STREQ("unknown 1000, running@0 1000, runnable/preempted@0 2000, running@0 6000",
		     life(self->m, 100));
}

TEST_F(model, states)
{
	BUILD("1 cpu0 switch A -> X 0x102\n"	    /* killable */
	      "2 cpu0 switch X -> Y 0x402\n"	    /* idle kernel thread */
	      "3 cpu0 switch Y -> 60 0x104\n"	    /* stopped */
	      "4 cpu0 switch 60 -> 61 0x2001\n"	    /* freezable */
	      "5 cpu0 switch 61 -> 62 0x8000\n"	    /* frozen */
	      "6 cpu0 switch 62 -> 63 0x1000\n"	    /* rtlock */
	      "7 cpu0 switch 63 -> 64 0x800\n"	    /* new: nobody leaves a CPU so */
	      "8 cpu0 switch 64 -> 65 0x40\n"	    /* parked */
	      "9 cpu0 switch 65 -> 66 0xa0\n"	    /* zombie */
	      "9.5 cpu0 switch 66 -> idle 0x80\n"); /* dead */
	EXPECT_STREQ("unknown 9000, running@0 500, dead 0", life(self->m, 66));
	EXPECT_STREQ("unknown 1000, blocked 9000", life(self->m, 100));
	EXPECT_STREQ("unknown 1000, running@0 1000, sleeping 8000", life(self->m, 50));
	EXPECT_STREQ("unknown 2000, running@0 1000, stopped 7000", life(self->m, 51));
	EXPECT_STREQ("unknown 3000, running@0 1000, sleeping 6000", life(self->m, 60));
	EXPECT_STREQ("unknown 4000, running@0 1000, stopped 5000", life(self->m, 61));
	EXPECT_STREQ("unknown 5000, running@0 1000, blocked 4000", life(self->m, 62));
	EXPECT_STREQ("unknown 6000, running@0 1000, unknown 3000", life(self->m, 63));
	EXPECT_STREQ("unknown 7000, running@0 1000, stopped 2000", life(self->m, 64));
	EXPECT_STREQ("unknown 8000, running@0 1000, dead 0", life(self->m, 65));
}

TEST_F(model, migrates_while_runnable)
{
	BUILD("1 cpu0 switch A -> X S\n"
	      "2 cpu0 waking A by X at 0\n"
	      "2.1 cpu0 migrate A 0 -> 1 by X\n" /* the placement */
	      "4 cpu0 migrate A 1 -> 0 by X\n"	 /* the load balancer */
	      "5 cpu0 switch X -> A P\n");
	EXPECT_STREQ("unknown 1000, sleeping 1000, runnable/woken@1 2000, runnable/woken@0 1000, "
		     "running@0 5000",
		     life(self->m, 100));
	EXPECT_EQ(2, model_thread(self->m, 100)->nr_migrations);
	EXPECT_EQ(3000000, model_thread(self->m, 100)->latency_max_ns);
	EXPECT_EQ(0, interval_of(self->m, 100, 2)->instead);
	EXPECT_EQ(50, interval_of(self->m, 100, 3)->instead);
}

TEST_F(model, a_switch_whose_prev_is_another)
{
	BUILD("1 cpu0 switch idle -> A R\n"
	      "2 cpu0 waking Y by A at 0\n"
	      "4 cpu0 switch X -> Y S\n");
	/* A was there at 2; then X came, nobody knows when, and left at 4. */
	EXPECT_STREQ("unknown 1000, running@0 1000, unknown 8000", life(self->m, 100));
	EXPECT_STREQ("unknown 4000, sleeping 6000", life(self->m, 50));
	EXPECT_STREQ("unknown 2000, runnable/woken@0 2000, running@0 6000", life(self->m, 51));
	ASSERT_EQ(2, self->m->cpus[0].nr_intervals);
	EXPECT_EQ(2000000, self->m->cpus[0].intervals[0].end_ns - self->m->start_ns);
	EXPECT_EQ(4000000, self->m->cpus[0].intervals[1].start_ns - self->m->start_ns);
}

TEST_F(model, found_on_another_cpu)
{
	BUILD("1 cpu0 switch idle -> A R\n"
	      "3 cpu1 futex_wake A 0x7f00\n"
	      "5 cpu0 switch idle -> X R\n");
	EXPECT_STREQ("unknown 1000, unknown 2000, running@1 7000", life(self->m, 100));
	EXPECT_EQ(7000000, self->m->cpus[1].busy_ns);
	EXPECT_EQ(5000000, self->m->cpus[0].busy_ns);
}

TEST_F(model, the_exit_whose_switch_is_lost)
{
	BUILD("1 cpu0 switch idle -> A R\n"
	      "2 cpu0 exit A\n"
	      "4 cpu0 waking Y by X at 0\n");
	EXPECT_STREQ("unknown 1000, running@0 1000, dead 0", life(self->m, 100));
}

TEST_F(model, futex_and_its_owner)
{
	BUILD("1 cpu0 switch idle -> A R\n"
	      "1 cpu0 fork A -> B\n"
	      "1 cpu0 new B by A at 1\n"
	      "2 cpu1 switch idle -> B R\n"
	      "3 cpu0 futex_wait A 0x7f00 owner B\n"
	      "3 cpu0 switch A -> idle S\n"
	      "5 cpu1 futex_wake B 0x7f00\n"
	      "5 cpu1 waking A by B at 0\n"
	      "5.5 cpu0 switch idle -> A R\n"
	      "6 cpu0 futex_wait_end A\n"
	      "7 cpu0 switch A -> idle S\n");
	EXPECT_STREQ("unknown 1000, running@0 2000, sleeping/futex 2000, runnable/woken@0 500, "
		     "running@0 1500, sleeping 3000",
		     life(self->m, 100));
	EXPECT_EQ(0x7f00, interval_of(self->m, 100, 2)->address);
	EXPECT_EQ(101, interval_of(self->m, 100, 2)->owner);
	EXPECT_EQ(101, interval_of(self->m, 100, 2)->waker);
}

TEST_F(model, futex_owners_that_are_none)
{
	BUILD("1 cpu0 switch idle -> A R\n"
	      "1 cpu0 fork A -> B\n"
	      "2 cpu0 futex_wait A 0x7f00 owner X\n" /* of another process */
	      "2 cpu0 switch A -> idle S\n"
	      "3 cpu0 switch idle -> A R\n"
	      "4 cpu0 futex_wait A 0x7f00 owner 4711\n" /* nobody */
	      "4 cpu0 switch A -> B S\n"
	      "5 cpu0 exit B\n"
	      "5 cpu0 switch B -> A X\n"
	      "6 cpu0 futex_wait A 0x7f00 owner B\n" /* dead */
	      "6 cpu0 switch A -> idle S\n"
	      "7 cpu0 switch idle -> A R\n"
	      "8 cpu0 futex_wait A 0x7f00 owner A\n" /* itself: true, and a deadlock */
	      "8 cpu0 switch A -> idle S\n");
	EXPECT_STREQ("unknown 1000, running@0 1000, sleeping/futex 1000, running@0 1000, "
		     "sleeping/futex 1000, running@0 1000, sleeping/futex 1000, running@0 1000, "
		     "sleeping/futex 2000",
		     life(self->m, 100));
	EXPECT_EQ(0, interval_of(self->m, 100, 2)->owner);
	EXPECT_EQ(0, interval_of(self->m, 100, 4)->owner);
	EXPECT_EQ(0, interval_of(self->m, 100, 6)->owner);
	EXPECT_EQ(100, interval_of(self->m, 100, 8)->owner);
}

TEST_F(model, kernel_locks)
{
	BUILD("1 cpu0 switch idle -> A R\n"
	      "2 cpu0 lock A 0xff10\n"
	      "2.5 cpu0 lock A 0xff20\n" /* an interrupt's */
	      "2.6 cpu0 unlock A 0xff20\n"
	      "3 cpu0 switch A -> idle D\n"
	      "4 cpu0 switch idle -> A R\n"
	      "4.5 cpu0 lock A 0xff10\n" /* anew, after it slept */
	      "5 cpu0 unlock A 0xff10\n"
	      "6 cpu0 switch A -> idle D\n");
	EXPECT_STREQ("unknown 1000, running@0 1000, running/kernel-lock@0 500, "
		     "running/kernel-lock@0 100, running/kernel-lock@0 400, "
		     "blocked/kernel-lock 1000, running/kernel-lock@0 1000, running@0 1000, "
		     "blocked 4000",
		     life(self->m, 100));
	EXPECT_EQ(0xff10, interval_of(self->m, 100, 5)->address);
	EXPECT_EQ(6000000 - 2000000, model_thread(self->m, 100)->total_ns[STATE_RUNNING]);
}

/* More at once than it remembers: the newest counts, and nothing breaks. */
TEST_F(model, many_kernel_locks)
{
	BUILD("1 cpu0 switch idle -> A R\n"
	      "2 cpu0 lock A 0x1\n2 cpu0 lock A 0x2\n2 cpu0 lock A 0x3\n"
	      "2 cpu0 lock A 0x4\n2 cpu0 lock A 0x5\n2 cpu0 lock A 0x6\n"
	      "3 cpu0 switch A -> idle D\n");
	EXPECT_EQ(CAUSE_KERNEL_LOCK, interval_of(self->m, 100, 3)->cause);
	EXPECT_EQ(6, interval_of(self->m, 100, 3)->address);
}

TEST_F(model, another_thread_executes)
{
	BUILD("1 cpu0 switch idle -> A R\n"
	      "1 cpu0 fork A -> B\n"
	      "2 cpu0 switch A -> B Z\n"
	      "3 cpu0 exec A from B\n"
	      "4 cpu0 comm A newname\n"
	      "5 cpu0 switch A -> idle S\n");
	EXPECT_STREQ("running@0 2000, sleeping 5000", life(self->m, 100));
	EXPECT_STREQ("runnable/new 1000, running@0 1000, dead 0", life(self->m, 101));
	EXPECT_STREQ("newname", model_thread(self->m, 100)->comm);
	EXPECT_TRUE(model_thread(self->m, 100)->target);
}

/* The two exchange their tids before the EXEC: the first is still on its CPU, and leaves it as B... */
TEST_F(model, another_thread_executes_while_the_first_leaves)
{
	BUILD("1 cpu0 switch idle -> A R\n"
	      "1 cpu0 fork A -> B\n"
	      "1.5 cpu1 switch idle -> B R\n"
	      "2 cpu0 exit A\n"
	      "2.5 cpu0 switch B -> idle X\n"
	      "3 cpu1 exec A from B\n"
	      "5 cpu1 switch A -> idle S\n");
	EXPECT_EQ(5, self->m->nr_threads); /* X, Y, A, A again, B */
	EXPECT_STREQ("running@1 2000, sleeping 5000", life(self->m, 100));
	EXPECT_STREQ("runnable/new 500, running@1 1500, dead 0", life(self->m, 101));
	EXPECT_TRUE(model_thread(self->m, 100)->target);
	EXPECT_EQ(2500000, self->m->threads[2].end_ns - self->m->start_ns);
}

#define TAKES_OVER(leaves, leaves_late)                                                       \
	BUILD("1 cpu0 switch idle -> A R\n"                                                   \
	      "1 cpu0 fork A -> B\n"                                                          \
	      "1.5 cpu1 switch idle -> B R\n"                                                 \
	      "2 cpu0 exit A\n"                                                               \
	      "2.5 cpu1 switch A -> idle D\n" leaves "3 cpu1 waking A by idle hardirq at 1\n" \
	      "3 cpu1 switch idle -> A R\n"                                                   \
	      "4 cpu1 exec A from B\n" leaves_late "5 cpu1 switch A -> idle S\n");            \
	EXPECT_STREQ("blocked 500, running@1 2000, sleeping 5000", life(self->m, 100));       \
	EXPECT_STREQ("runnable/new 500, running@1 1000, dead 0", life(self->m, 101));         \
	EXPECT_TRUE(model_thread(self->m, 100)->target)

/* ... even after B, as A, went to sleep... */
TEST_F(model, another_thread_executes_and_sleeps_first)
{
	TAKES_OVER("2.8 cpu0 switch B -> idle X\n", "");
}

/* ... or when all is over. */
TEST_F(model, another_thread_executes_before_the_first_leaves)
{
	TAKES_OVER("", "4.5 cpu0 switch B -> idle X\n");
}

/* The recorder's own waiting before, and what others did after, are no part of it. */
TEST_F(model, the_span_of_the_command)
{
	BUILD("0.2 cpu0 switch idle -> A R\n"
	      "0.4 cpu0 switch A -> idle S\n"
	      "0.8 cpu0 waking A by X at 0\n"
	      "1 cpu0 switch idle -> A R\n"
	      "1.5 cpu1 exec Y\n"
	      "2 cpu0 exec A\n"
	      "2.5 cpu0 fork A -> B\n"
	      "2.5 cpu0 new B by A at 1\n"
	      "3 cpu1 switch Y -> B S\n"
	      "4 cpu0 exec A\n"
	      "5 cpu0 switch A -> X X\n"
	      "6 cpu1 exec B\n"
	      "7.5 cpu1 switch B -> idle X\n");
	EXPECT_EQ(2000000, self->m->span_start_ns - self->m->start_ns);
	EXPECT_EQ(7500000, self->m->span_end_ns - self->m->start_ns);
	EXPECT_EQ(3000000, model_thread(self->m, 100)->total_ns[STATE_RUNNING]);
	EXPECT_EQ(0, model_thread(self->m, 100)->total_ns[STATE_SLEEPING]);
	EXPECT_EQ(0, model_thread(self->m, 100)->nr_voluntary);
	EXPECT_EQ(0, model_thread(self->m, 100)->latency_max_ns);
	EXPECT_EQ(2500000, model_thread(self->m, 50)->total_ns[STATE_RUNNING]);
	EXPECT_EQ(5500000, self->m->cpus[0].busy_ns);
	EXPECT_EQ(3000000, self->m->cpus[0].target_ns);
	EXPECT_EQ(2000000, self->m->parallel_ns[2]);
	EXPECT_EQ(3500000, self->m->parallel_ns[1]);
	EXPECT_EQ(0, self->m->parallel_ns[0]);
}

/* Without its EXEC from where it is first seen; while a thread of it lives, it goes on. */
TEST_F(model, a_span_that_is_cut)
{
	BUILD("1 cpu0 waking A by X at 0\n"
	      "2 cpu0 switch X -> A S\n"
	      "3 cpu0 switch A -> X S\n");
	EXPECT_EQ(2000000, self->m->span_start_ns - self->m->start_ns);
	EXPECT_EQ(self->m->end_ns, self->m->span_end_ns);
}

TEST_F(model, records_lost)
{
	BUILD("lost cpu1 3\n"
	      "1 cpu0 switch idle -> A R\n");
	EXPECT_EQ(3, self->m->nr_lost);
	EXPECT_FALSE(self->m->complete);
}

TEST_F(model, out_of_order_in_the_ring)
{
	BUILD("1 cpu0 switch idle -> A R\n"
	      "3 cpu0 switch A -> X S\n"
	      "2 cpu0 waking Y by A hardirq at 0\n");
	EXPECT_STREQ("unknown 1000, running@0 2000, sleeping 7000", life(self->m, 100));
	EXPECT_STREQ("unknown 2000, runnable/woken@0 8000", life(self->m, 51));
}

TEST_F(model, one_source_at_a_time)
{
	BUILD("1 cpu0 switch idle -> A R\n"
	      "source module\n"
	      "2 cpu0 switch idle -> X R\n");
	EXPECT_EQ(TRACE_MODULE, self->m->source);
	EXPECT_EQ(1, self->m->nr_records);
	EXPECT_STREQ("unknown 10000", life(self->m, 100));
	EXPECT_EQ(self->m->start_ns,
		  self->m->span_start_ns); /* it never ran: all of the recording */
	EXPECT_EQ(self->m->end_ns, self->m->span_end_ns);
	model_free(self->m);
	ASSERT_EQ(0, model_build(&self->m, self->trace, TRACE_BPF));
	EXPECT_STREQ("unknown 1000, running@0 9000", life(self->m, 100));
}

TEST_F(model, no_records)
{
	char why[128];

	ASSERT_EQ(0, builder_trace(&self->trace, HEAD, why, sizeof(why)));
	EXPECT_EQ(-ENODATA, model_build(&self->m, self->trace, 0));
	EXPECT_EQ(-ENODATA, model_build(&self->m, self->trace, TRACE_BPF));
}

TEST_F(model, an_instant)
{
	const struct thread *t;

	BUILD("1 cpu0 switch idle -> A R\n"
	      "2 cpu0 switch A -> idle X\n");
	t = model_thread(self->m, 100);
	EXPECT_EQ(STATE_UNKNOWN, model_at(t, self->m->start_ns)->state);
	EXPECT_EQ(STATE_RUNNING, model_at(t, self->m->start_ns + 1000000)->state);
	EXPECT_EQ(STATE_RUNNING, model_at(t, self->m->start_ns + 1999999)->state);
	EXPECT_EQ(STATE_DEAD, model_at(t, self->m->start_ns + 2000000)->state);
	EXPECT_EQ(NULL, model_at(t, self->m->start_ns + 2000001));
	EXPECT_EQ(NULL, model_at(t, self->m->start_ns - 1));
}

/* A trace that begins in the middle says what everybody did, and it holds until a record. */
TEST_F(model, states_that_the_start_tells)
{
	const struct thread *a, *c;
	const struct interval *i;

	BUILD("task C 102 100 1 prog sleeping 0x7f00\n"
	      "task D 103 100 1 prog running cpu1\n"
	      "task E 104 100 1 prog runnable cpu1\n"
	      "task F 105 100 1 prog blocked\n"
	      "3 cpu0 switch idle -> A R\n"
	      "4 cpu0 waking C by A at 1\n"
	      "6 cpu1 switch D -> E S\n");
	a = model_thread(self->m, 100);
	EXPECT_EQ(STATE_UNKNOWN, a->intervals[0].state);
	c = model_thread(self->m, 102);
	i = model_at(c, self->m->start_ns);
	EXPECT_EQ(STATE_SLEEPING, i->state);
	EXPECT_EQ(CAUSE_FUTEX, i->cause);
	EXPECT_EQ(0x7f00, i->address);
	EXPECT_EQ(100, i->waker);
	EXPECT_NE(0, i->lock);
	EXPECT_EQ(STATE_RUNNABLE, model_at(c, self->m->start_ns + 5000000)->state);
	i = model_at(model_thread(self->m, 103), self->m->start_ns);
	EXPECT_EQ(STATE_RUNNING, i->state);
	EXPECT_EQ(1, i->cpu);
	EXPECT_EQ(self->m->start_ns + 6000000, i->end_ns);
	EXPECT_EQ(103, self->m->cpus[1].intervals[0].tid);
	EXPECT_EQ(self->m->start_ns, self->m->cpus[1].intervals[0].start_ns);
	i = model_at(model_thread(self->m, 104), self->m->start_ns);
	EXPECT_EQ(STATE_RUNNABLE, i->state);
	EXPECT_EQ(1, i->cpu);
	EXPECT_EQ(self->m->start_ns + 6000000, i->end_ns);
	i = model_at(model_thread(self->m, 105), self->m->start_ns);
	EXPECT_EQ(STATE_BLOCKED, i->state);
	EXPECT_TRUE(i->open);
}

static uint32_t seed = 1;

static uint32_t draw(uint32_t below)
{
	seed = seed * 1664525u + 1013904223u;
	return (seed >> 8) % below;
}

static void draw_record(struct oncpu_record *r)
{
	static const uint32_t states[] = { 0, 1, 2, 0x102, 0x402, 4, 0x90, 0xa0, 0xffffffff };

	*r = (struct oncpu_record){ .tid = draw(6), .type = 1 + draw(ONCPU_RECORD_TYPE_END - 1) };
	r->flags = draw(4) ? 0 : draw(256);
	r->raw[0] = draw(8);
	r->raw[1] = draw(4);
	if (r->type == ONCPU_SWITCH) {
		r->sched_switch.next_tid = draw(6);
		r->sched_switch.prev_state = states[draw(9)];
	}
	if (r->type == ONCPU_MIGRATE)
		r->migrate.to_cpu = draw(4);
	if (r->type == ONCPU_EXEC)
		r->exec.old_tid = draw(6);
	if (r->type == ONCPU_FORK)
		r->fork.tgid = draw(6);
	if (r->type == ONCPU_LOST)
		r->lost.since_ns = draw(300);
}

/* Total: records that make no sense at all still give lives that are tiled. */
TEST_F(model, nonsense)
{
	struct trace_task tasks[] = { { .tid = 1, .tgid = 1, .ppid = 3, .comm = "a" },
				      { .tid = 2, .tgid = 1, .ppid = 0, .comm = "b" },
				      { .tid = 3, .tgid = 3, .ppid = 1, .comm = "c" } };
	struct oncpu_record records[2][200];
	struct trace_stream streams[2] = {
		{ TRACE_BPF, 0, 0, 0, 200, records[0] },
		{ TRACE_BPF, 1, 0, 0, 200, records[1] },
	};
	struct trace t = { .nr_cpus = 2,
			   .target_tid = 2,
			   .tasks = tasks,
			   .nr_tasks = 3,
			   .streams = streams,
			   .nr_streams = 2,
			   .start_ns = 5 };
	unsigned int round, cpu, i;
	const char *what;
	uint64_t now;

	for (round = 0; round < 2000; round++) {
		for (cpu = 0; cpu < 2; cpu++)
			for (now = 5, i = 0; i < 200; i++) {
				draw_record(&records[cpu][i]);
				now += draw(3);
				records[cpu][i].time_ns = now;
			}
		for (i = 0; i < 3; i++) {
			tasks[i].state = (enum trace_task_state)draw(TRACE_TASK_STATES);
			tasks[i].cpu = draw(4);
			tasks[i].futex = draw(3);
		}
		ASSERT_EQ(0, model_build(&self->m, &t, 0));
		what = broken(self->m);
		ASSERT_EQ(NULL, what)
		{
			TH_LOG("round %u: %s", round, what);
		}
		model_free(self->m);
		self->m = NULL;
	}
}

TEST_HARNESS_MAIN
