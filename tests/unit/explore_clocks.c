// SPDX-License-Identifier: GPL-2.0
/* The runtime's vector clocks: what happened before what, and what only happened to. */
#include <stdlib.h>

#include "explore/runtime/runtime.h"

int nr_threads = 3;

void *pages(size_t size)
{
	return calloc(1, size);
}

#include "explore/runtime/clocks.c"

static struct thread t[3];
static struct object o;

#include <kselftest_harness.h>

static void begin(void)
{
	int i;

	for (i = 0; i < 3; i++) {
		t[i] = (struct thread){ .id = i };
		t[i].clock[i] = t[i].made_clock[i] = 1;
	}
	o = (struct object){ .owner = NOBODY };
}

/* What thread `of` does now, does `by` know of it? */
static bool knows(int by, int of)
{
	return t[of].clock[of] <= t[by].clock[of];
}

TEST(a_child_knows_what_came_before_it_and_no_more)
{
	begin();
	t[1].clock[1] = 0;
	clock_child(&t[0], &t[1]);
	EXPECT_EQ(1, t[1].clock[0]);
	EXPECT_FALSE(knows(1, 0));
	EXPECT_EQ(1, t[1].clock[1]);
}

TEST(a_release_teaches_who_acquires)
{
	uint32_t before;

	begin();
	before = t[0].clock[0];
	clock_release(&t[0], &o, false);
	EXPECT_NE(before, t[1].clock[0]);
	clock_acquire(&t[1], &o, false);
	EXPECT_EQ(before, t[1].clock[0]);
	EXPECT_FALSE(knows(1, 0)); /* nothing of what comes after the release */
	EXPECT_EQ(0, t[2].clock[0]);
}

TEST(it_is_handed_on)
{
	struct object second = { .owner = NOBODY };

	begin();
	clock_release(&t[0], &o, false);
	clock_acquire(&t[1], &o, false);
	clock_release(&t[1], &second, false);
	clock_acquire(&t[2], &second, false);
	EXPECT_EQ(1, t[2].clock[0]);
}

TEST(a_mutex_orders_accesses_but_not_what_the_program_made)
{
	begin();
	clock_release(&t[0], &o, true);
	clock_acquire(&t[1], &o, true);
	EXPECT_EQ(1, t[1].clock[0]);
	EXPECT_EQ(0, t[1].made_clock[0]);
}

TEST_HARNESS_MAIN
