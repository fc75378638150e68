// SPDX-License-Identifier: GPL-2.0
/* How the jobs of "oncpu jobs" are written, and what nice values their weights come to. */
#include <errno.h>
#include <stdio.h>

#include "kselftest_harness.h"
#include "race/job.h"

static const char *wrong[] = { "",	"0",	"x",	 "-5",	  "5x",	 "5@",	 "5@-1", "5:",
			       "5:0",	"5:-1", "5:x",	 "5:2@1", "5/2", "5/2+", "5/+2", "5/0+2",
			       "5/2+0", " 5",	"1e999", "5@x1",  "nan", "inf",	 "5 6",	 "600001" };

TEST(a_job_in_words)
{
	struct job j;
	size_t i;

	ASSERT_EQ(0, job_parse(&j, "200"));
	EXPECT_EQ(200000000, j.length_ns);
	EXPECT_EQ(0, j.arrival_ns);
	EXPECT_EQ(0, j.burst_ns);
	EXPECT_EQ(1, j.weight);
	ASSERT_EQ(0, job_parse(&j, "0.5/.25+10@20.125:3"));
	EXPECT_EQ(500000, j.length_ns);
	EXPECT_EQ(250000, j.burst_ns);
	EXPECT_EQ(10000000, j.sleep_ns);
	EXPECT_EQ(20125000, j.arrival_ns);
	EXPECT_EQ(3, j.weight);
	for (i = 0; i < sizeof(wrong) / sizeof(*wrong); i++)
		EXPECT_EQ(-EINVAL, job_parse(&j, wrong[i]))
		{
			TH_LOG("'%s'", wrong[i]);
		}
}

/* The kernel's weights are 1024, 820, 655, 526, 423, 335: a third is nearest to the last. */
TEST(the_heaviest_has_nice_0)
{
	struct job jobs[3] = { { .weight = 9 }, { .weight = 3 }, { .weight = 8 } };

	ASSERT_EQ(0, jobs_weigh(jobs, 3));
	EXPECT_EQ(0, jobs[0].nice);
	EXPECT_EQ(5, jobs[1].nice);
	EXPECT_EQ(1, jobs[2].nice);
}

TEST(no_more_than_the_kernels_range)
{
	struct job jobs[2] = { { .weight = 68 }, { .weight = 1 } };

	ASSERT_EQ(0, jobs_weigh(jobs, 2));
	EXPECT_EQ(19, jobs[1].nice);
	jobs[0].weight = 69;
	EXPECT_EQ(-ERANGE, jobs_weigh(jobs, 2));
}

TEST_HARNESS_MAIN
