// SPDX-License-Identifier: GPL-2.0
/* Schedules as words, and what the explorer learns from runs. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "explore/explore.h"
#include "explore/learn.h"
#include "explore/plan.h"

#include <kselftest_harness.h>

TEST(a_word_comes_back_as_it_was)
{
	struct shared_segment segments[] = { { 0, 13 }, { 2, 1 }, { 255, 4000000000u } };
	struct explore_schedule s = { segments, 3 }, back;
	char *word = explore_word(&s);

	EXPECT_STREQ("0x13.2x1.255x4000000000", word);
	ASSERT_EQ(0, explore_parse_word(word, &back));
	ASSERT_EQ(3, back.nr);
	EXPECT_EQ(0, memcmp(segments, back.segments, sizeof(segments)));
	free(back.segments);
	free(word);
}

TEST(what_is_no_word_is_refused)
{
	static const char *const words[] = { "x",	 "1x",	    "1x2.",  ".1x2", "1x2.x3",
					     "256x1",	 "1x2,3x4", "a1x2",  "1x2 ", "1x-",
					     "1x2..3x4", "1y2",	    "-1x2x3" };
	struct explore_schedule s;
	size_t i;

	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (!explore_parse_word(words[i], &s)) {
			free(s.segments);
			/* a word may end in a point */
			EXPECT_STREQ("1x2.", words[i]);
		}
}

FIXTURE(learning)
{
	struct learned *l;
	struct shared *s;
};

FIXTURE_SETUP(learning)
{
	self->l = calloc(1, sizeof(*self->l));
	self->s = calloc(1, sizeof(*self->s));
	ASSERT_NE(NULL, self->l);
	ASSERT_NE(NULL, self->s);
	self->s->nr_threads = 3;
	self->s->threads[0] = (struct shared_thread){ .name = 1, .parent = -1 };
	self->s->threads[1] = (struct shared_thread){ .name = 10, .parent = 0 };
	self->s->threads[2] = (struct shared_thread){ .name = 20, .parent = 1 };
	self->s->nr_profile = 2;
	self->s->profile[0] = (struct shared_count){ 0x1000, 10, 5 };
	self->s->profile[1] = (struct shared_count){ 0x1000, 20, 7 };
}

FIXTURE_TEARDOWN(learning)
{
	free(self->l);
	free(self->s);
}

static uint32_t count_of(const struct shared *s, uint32_t name)
{
	uint32_t i;

	for (i = 0; i < s->nr_counts; i++)
		if (s->counts[i].name == name)
			return s->counts[i].count;
	return 0;
}

TEST_F(learning, a_thread_counts_for_all_its_ancestors)
{
	learn_from(self->l, self->s);
	learn_counts(self->l, 0x1000, self->s);
	EXPECT_EQ(7, count_of(self->s, 20));
	EXPECT_EQ(12, count_of(self->s, 10));
	EXPECT_EQ(12, count_of(self->s, 1));
}

TEST_F(learning, the_longest_run_counts)
{
	learn_from(self->l, self->s);
	self->s->profile[1].count = 3;
	learn_from(self->l, self->s);
	learn_counts(self->l, 0x1000, self->s);
	EXPECT_EQ(7, count_of(self->s, 20));
}

TEST_F(learning, rivals_are_all_who_write_for_the_reader)
{
	struct shared_constraint c;

	self->s->nr_pairs = 3;
	self->s->pairs[0] = (struct shared_pair){ 0, 4, 1, 1 };
	self->s->pairs[1] = (struct shared_pair){ 5, 4, 1, 0 };
	self->s->pairs[2] = (struct shared_pair){ 6, 7, 1, 1 };
	learn_from(self->l, self->s);
	learn_rivals(self->l, &self->l->pairs[0], &c);
	EXPECT_EQ(1, c.nr_rivals);
	EXPECT_EQ(5, c.rivals[0]);
	EXPECT_EQ(1, self->l->pairs[0].seen);
	EXPECT_EQ(0, self->l->pairs[1].seen);
}

TEST_F(learning, reads_from_tries_what_was_not_seen_yet)
{
	int unseen = 0, i;

	self->s->nr_pairs = 2;
	self->s->pairs[0] = (struct shared_pair){ 0, 4, 1, 1 };
	self->s->pairs[1] = (struct shared_pair){ 5, 4, 1, 0 };
	for (i = 0; i < 50; i++)
		learn_from(self->l, self->s);
	for (i = 1; i <= 40; i++) {
		ASSERT_EQ(EXPLORE_RF, plan_next(self->l, self->s, EXPLORE_RF, 1, (uint32_t)i));
		unseen += self->s->nr_constraints == 1 && self->s->constraints[0].writer == 5;
	}
	EXPECT_LT(15, unseen);
}

TEST_F(learning, the_same_seed_plans_the_same)
{
	struct learned *other = calloc(1, sizeof(*other));
	uint64_t seeds[20];
	uint32_t i;

	ASSERT_NE(NULL, other);
	learn_from(self->l, self->s);
	*other = *self->l;
	for (i = 0; i < 20; i++) {
		plan_next(self->l, self->s, EXPLORE_MIX, 7, i + 1);
		seeds[i] = self->s->seed ^ self->s->delta ^ self->s->strategy;
	}
	for (i = 0; i < 20; i++) {
		plan_next(other, self->s, EXPLORE_MIX, 7, i + 1);
		EXPECT_EQ(seeds[i], self->s->seed ^ self->s->delta ^ self->s->strategy);
	}
	free(other);
}

TEST_HARNESS_MAIN
