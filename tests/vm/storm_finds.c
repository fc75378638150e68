// SPDX-License-Identifier: GPL-2.0
/*
 * What oncpu explore --storm finds: a program as it is (samples/storm.c), whose bug next to never shows,
 * and shows in it; and twins, which are right and stay so. The other samples take minutes: by hand,
 * oncpu explore --storm -- /opt/oncpu/samples/storm-O0 NAME.
 */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "kselftest_harness.h"
#include "lib/lib.h"

#define DIR	    "/tmp/storm"
#define TRACE	    DIR "/t.oncpu"
#define OUT	    DIR "/out"

#define NATIVE_RUNS 10

FIXTURE(storm){};

FIXTURE_SETUP(storm)
{
	run("rm -rf " DIR "; mkdir -p " DIR);
	ASSERT_EQ(0, module_load());
	if (run("grep -qw scx_bpf_now /proc/kallsyms"))
		SKIP(return, "this kernel's sched_ext, if it has one, takes no scheduler of ours");
}

FIXTURE_TEARDOWN(storm)
{
	run("rm -rf " DIR);
}

static const char *sample(const char *name, bool right)
{
	static char command[600];
	char folder[512];

	snprintf(folder, sizeof(folder), "%s", this_program());
	*strrchr(folder, '/') = '\0';
	snprintf(command, sizeof(command), "%s/../samples/storm-O0 %s%s", folder, name,
		 right ? " right" : "");
	return command;
}

static int storm(const char *options, const char *command)
{
	return run("%s explore --storm -o " TRACE " %s -- %s >" OUT " 2>&1", oncpu(), options,
		   command);
}

static void show(void)
{
	run("sed 's/^/# /' " OUT);
}

static bool says(const char *text)
{
	return run("grep -qF -e '%s' " OUT, text) == 0;
}

static int native_failures(const char *name)
{
	int i, nr = 0;

	for (i = 0; i < NATIVE_RUNS; i++)
		nr += run("timeout 10 %s >/dev/null 2>&1", sample(name, false)) != 0;
	printf("# %s fails in %d of %d runs without a storm\n", name, nr, NATIVE_RUNS);
	return nr;
}

/* Most runs without a storm are right: what it found is hard to see. */
static bool finds(const char *name)
{
	int native = native_failures(name);
	int status = storm("--schedules 60", sample(name, false));

	show();
	return native <= NATIVE_RUNS / 2 && status == 1;
}

static bool spares(const char *name)
{
	int status = storm("--seed 500 --schedules 4", sample(name, true));

	if (status || !says("4 runs"))
		show();
	return status == 0 && says("4 runs");
}

TEST_F(storm, finds_what_is_seldom)
{
	EXPECT_TRUE(finds("publish"));
	EXPECT_TRUE(says("Segmentation fault") || says("its exit status is not 0"));
	EXPECT_EQ(0, run("%s report " TRACE " >/dev/null", oncpu())); /* the evidence is there */
}

TEST_F(storm, correct_programs_stay_so)
{
	EXPECT_TRUE(spares("publish"));
	EXPECT_TRUE(spares("lost-wakeup"));
}

int main(int argc, char **argv)
{
	return test_harness_run(argc, argv);
}
