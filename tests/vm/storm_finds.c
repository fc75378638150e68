// SPDX-License-Identifier: GPL-2.0
/*
 * What oncpu explore --storm finds: programs as they are (samples/storm.c), of processes, of threads and of
 * io_uring, whose bugs next to never show, and show in it; and their twins, which are right and stay so.
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

TEST_F(storm, processes)
{
	EXPECT_TRUE(finds("order"));
	EXPECT_TRUE(says("its exit status is not 0 (1)"));
	EXPECT_EQ(0, run("%s report " TRACE " >/dev/null", oncpu())); /* the evidence is there */
	EXPECT_TRUE(finds("lost-update"));
	EXPECT_TRUE(finds("lock-file"));
}

TEST_F(storm, threads)
{
	EXPECT_TRUE(finds("publish"));
	EXPECT_TRUE(says("Segmentation fault") || says("its exit status is not 0"));
	EXPECT_TRUE(finds("lost-wakeup"));
	EXPECT_TRUE(says("it hangs (30 s)"));
}

TEST_F(storm, io_uring)
{
	EXPECT_TRUE(finds("ring"));
}

/* It hangs, and who waits for whom is told. */
TEST_F(storm, deadlock)
{
	EXPECT_TRUE(finds("deadlock"));
	EXPECT_TRUE(says("it hangs (30 s)"));
	EXPECT_TRUE(says("none of them can go on"));
	EXPECT_NE(0, run("pgrep storm-O0"));
}

TEST_F(storm, correct_programs_stay_so)
{
	EXPECT_TRUE(spares("order"));
	EXPECT_TRUE(spares("lost-update"));
	EXPECT_TRUE(spares("lock-file"));
	EXPECT_TRUE(spares("deadlock"));
	EXPECT_TRUE(spares("publish"));
	EXPECT_TRUE(spares("lost-wakeup"));
	EXPECT_TRUE(spares("ring"));
}

int main(int argc, char **argv)
{
	return test_harness_run(argc, argv);
}
