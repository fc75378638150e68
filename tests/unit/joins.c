// SPDX-License-Identifier: GPL-2.0
/* When a wait is said to be a join, and when it is not. */
#include "model_case.h"

#define THREAD "1 cpu0 switch idle -> A R\n1 cpu0 fork A -> B\n1.5 cpu1 switch idle -> B R\n"
#define JOIN   "2 cpu0 futex_wait A 0x7f00 value B\n3 cpu0 switch A -> idle S\n"

TEST_F(model, joins)
{
	BUILD(THREAD JOIN "4 cpu1 exit B\n"
			  "5 cpu1 waking A by B at 0\n");
	EXPECT_EQ(CAUSE_JOIN, interval_of(self->m, 100, 2)->cause);
	EXPECT_EQ(101, interval_of(self->m, 100, 2)->owner);
	EXPECT_EQ(0x7f00, interval_of(self->m, 100, 2)->address);
}

TEST_F(model, joins_where_the_exit_comes_late)
{
	BUILD(THREAD JOIN "4 cpu1 futex_wake_end B\n"
			  "5 cpu1 waking A by B at 0\n"
			  "5.5 cpu1 lock B 0xff10\n"
			  "5.6 cpu1 unlock B 0xff10\n"
			  "6 cpu1 exit B\n");
	EXPECT_EQ(CAUSE_JOIN, interval_of(self->m, 100, 2)->cause);
}

TEST_F(model, joins_where_the_exit_was_lost)
{
	BUILD(THREAD JOIN "5 cpu1 waking A by B at 0\n"
			  "6 cpu1 switch B -> idle X\n");
	EXPECT_EQ(CAUSE_JOIN, interval_of(self->m, 100, 2)->cause);
}

TEST_F(model, joins_still_at_the_end)
{
	BUILD(THREAD JOIN);
	EXPECT_EQ(CAUSE_JOIN, interval_of(self->m, 100, 2)->cause);
	EXPECT_TRUE(interval_of(self->m, 100, 2)->open);
}

/* The word held the number of a thread by chance. */
TEST_F(model, joins_nobody_if_another_woke_it)
{
	BUILD(THREAD JOIN "4 cpu0 waking A by X at 0\n"
			  "4.5 cpu0 exit X\n"
			  "5 cpu1 exit B\n"
			  "6 cpu1 switch B -> idle X\n");
	EXPECT_EQ(CAUSE_FUTEX, interval_of(self->m, 100, 2)->cause);
	EXPECT_EQ(0, interval_of(self->m, 100, 2)->owner);
}

TEST_F(model, joins_nobody_if_woken_before_the_exit)
{
	BUILD(THREAD JOIN "4 cpu1 futex_wake B 0x7f00\n"
			  "4.1 cpu1 waking A by B at 0\n"
			  "4.2 cpu1 futex_wake_end B\n"
			  "5 cpu1 exit B\n"
			  "6 cpu1 switch B -> idle X\n");
	EXPECT_EQ(CAUSE_FUTEX, interval_of(self->m, 100, 2)->cause);
}

TEST_F(model, joins_nobody_if_an_interrupt_woke_it)
{
	BUILD(THREAD JOIN "4 cpu1 exit B\n"
			  "4.1 cpu1 waking A by B hardirq at 0\n"
			  "6 cpu1 switch B -> idle X\n");
	EXPECT_EQ(CAUSE_FUTEX, interval_of(self->m, 100, 2)->cause);
}

TEST_F(model, joins_nobody_who_has_ended)
{
	BUILD(THREAD JOIN "4 cpu1 switch B -> idle X\n");
	EXPECT_EQ(CAUSE_FUTEX, interval_of(self->m, 100, 2)->cause);
}

/* What B did between the waking and its end is not known. */
TEST_F(model, joins_nobody_across_lost_records)
{
	BUILD(THREAD JOIN "4 cpu1 waking A by B at 0\n"
			  "5 cpu1 switch idle -> Y R\n"
			  "6 cpu1 switch B -> idle X\n");
	EXPECT_EQ(CAUSE_FUTEX, interval_of(self->m, 100, 2)->cause);
}

TEST_F(model, joins_only_within_a_process)
{
	BUILD("1 cpu0 switch idle -> A R\n"
	      "2 cpu0 futex_wait A 0x7f00 value X\n"
	      "3 cpu0 switch A -> idle S\n");
	EXPECT_EQ(CAUSE_FUTEX, interval_of(self->m, 100, 2)->cause);
}

TEST_F(model, joins_never_itself)
{
	BUILD("1 cpu0 switch idle -> A R\n"
	      "2 cpu0 futex_wait A 0x7f00 value A\n"
	      "3 cpu0 switch A -> idle S\n");
	EXPECT_EQ(CAUSE_FUTEX, interval_of(self->m, 100, 2)->cause);
}

TEST_HARNESS_MAIN
