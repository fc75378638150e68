// SPDX-License-Identifier: GPL-2.0
/* record --locks=all: how often and how long each lock was held, also where nobody waited for it. */
#include <stdio.h>
#include <string.h>

#include "kselftest_harness.h"
#include "lib/lib.h"
#include "model/model.h"

#define SAMPLES "/opt/oncpu/samples/"
#define TRACE	"/tmp/holds.oncpu"
#define MS	1000000ull

FIXTURE(holds)
{
	struct trace *t;
	struct model *m;
};

FIXTURE_VARIANT(holds)
{
	const char *sample;
};

FIXTURE_VARIANT_ADD(holds, unoptimised){
	.sample = "holds-O0",
};

FIXTURE_VARIANT_ADD(holds, optimised){
	.sample = "holds-O2",
};

FIXTURE_VARIANT_ADD(holds, linked_static){
	.sample = "holds-static",
};

FIXTURE_SETUP(holds)
{
	char why[512];

	ASSERT_EQ(0, run("%s record --locks=all -o " TRACE " -- " SAMPLES "%s", oncpu(),
			 variant->sample));
	ASSERT_EQ(0, trace_read(&self->t, TRACE, why, sizeof(why)));
	ASSERT_EQ(0, model_build(&self->m, self->t, 0));
	ASSERT_EQ(0, self->m->nr_lost);
}

FIXTURE_TEARDOWN(holds)
{
	model_free(self->m);
	trace_free(self->t);
}

static const struct model_lock *lock(const struct model *m, const char *name)
{
	static const struct model_lock none;
	size_t i;

	for (i = 0; i < m->nr_locks; i++)
		if (!strcmp(m->locks[i].name, name))
			return &m->locks[i];
	return &none;
}

TEST_F(holds, counts_and_times)
{
	const struct model_lock *busy = lock(self->m, "busy"), *quiet = lock(self->m, "quiet");

	EXPECT_EQ(20, busy->nr_held);
	EXPECT_LE(20 * 2 * MS, busy->held_ns);
	EXPECT_LE(1, busy->nr_waits);
	EXPECT_EQ(1003, quiet->nr_held);
	EXPECT_LT(0, quiet->held_ns);
	/* The wait for the condition, 1500 ms long, is none of it. */
	EXPECT_LE(1000 * MS, lock(self->m, "ready")->wait_ns);
	EXPECT_GT(1000 * MS, quiet->held_max_ns);
	EXPECT_EQ(8, lock(self->m, "table")->nr_held);
	EXPECT_EQ(1, lock(self->m, "never")->nr_held);
}

TEST_F(holds, reported)
{
	ASSERT_EQ(0, run("%s report " TRACE " >/tmp/holds.report", oncpu()));
	EXPECT_EQ(0, run("grep -q 'What they held' /tmp/holds.report"));
	EXPECT_EQ(0, run("grep -q 'mutex quiet  *1003 ' /tmp/holds.report"));
	EXPECT_EQ(0, run("%s report --json " TRACE " | grep -q '\"held\": 1003'", oncpu()));
}

TEST(not_by_the_module)
{
	ASSERT_EQ(0, module_load());
	EXPECT_EQ(2, run("%s record --source module --locks=all -o " TRACE " -- true", oncpu()));
	EXPECT_EQ(0, run("%s record -o " TRACE " -- " SAMPLES "holds-O2", oncpu()));
	EXPECT_NE(0, run("%s report " TRACE " | grep -q 'What they held'", oncpu()));
}

TEST_HARNESS_MAIN
