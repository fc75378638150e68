// SPDX-License-Identifier: GPL-2.0
/*
 * oncpu explore --storm: whom its scheduler takes, what becomes of it in each way that a run can end, and
 * what is told and kept; that it finds a bug which next to never shows, in a program as it is
 * (samples/storm.c), and nothing in right ones. The other samples take minutes: by hand,
 * oncpu explore --storm -- /opt/oncpu/samples/storm-O0 NAME.
 */
#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kselftest_harness.h"
#include "lib/lib.h"

#define DIR	    "/tmp/storm"
#define TRACE	    DIR "/t.oncpu"
#define OUT	    DIR "/out"
#define STATE	    "/sys/kernel/sched_ext/state"

#define SCHED_EXT_  7
#define NATIVE_RUNS 10

/* 0: the target and its child are the storm's, and oncpu, a stranger, is not. */
static int work_whose(void)
{
	char oncpu_pid[16];
	int status;

	snprintf(oncpu_pid, sizeof(oncpu_pid), "%d", getppid());
	if (is_on_ext("self") != 1 || sched_getscheduler(0) != SCHED_EXT_)
		return 1;
	if (is_on_ext(oncpu_pid) != 0 || is_on_ext("1") != 0)
		return 2;
	if (!fork())
		_exit(is_on_ext("self") == 1 ? 0 : 3);
	wait(&status);
	return WEXITSTATUS(status);
}

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

static bool is_off(void)
{
	return run("grep -qx disabled " STATE) == 0;
}

TEST_F(storm, strangers_are_left_alone)
{
	char command[600];

	snprintf(command, sizeof(command), "%s --work whose", this_program());
	EXPECT_EQ(0, storm("--schedules 3", command));
	show();
	EXPECT_TRUE(is_off());
}

/* A trace that was asked for is there, failed or not; else that of a failure alone. */
TEST_F(storm, trace)
{
	EXPECT_EQ(0, storm("--schedules 2", "true"));
	EXPECT_EQ(0, run("%s dump " TRACE " >/dev/null", oncpu()));
	EXPECT_EQ(0, run("cd " DIR "; %s explore --storm --schedules 1 -- true >out", oncpu()));
	EXPECT_NE(0, access(DIR "/storm.oncpu", F_OK));
	EXPECT_EQ(1, run("cd " DIR "; %s explore --storm --schedules 2 --keep-going -- false >out",
			 oncpu()));
	EXPECT_TRUE(says("2 runs"));
	EXPECT_TRUE(says("3 failed")); /* the calm one, too */
	EXPECT_EQ(0, run("%s dump " DIR "/storm.oncpu >/dev/null", oncpu()));
	EXPECT_NE(0, access(DIR "/storm.oncpu~", F_OK));
}

TEST_F(storm, options)
{
	EXPECT_EQ(2, storm("--cc gcc", "true"));
	EXPECT_EQ(2, storm("--replay 7", "true"));
	EXPECT_EQ(3, storm("", "/nowhere/program"));
	EXPECT_TRUE(says("/nowhere/program"));
	EXPECT_EQ(0, storm("--schedules 1 --expect hello", "printf hello"));
	EXPECT_EQ(1, storm("--schedules 1 --expect hello", "printf hallo"));
	EXPECT_TRUE(says("it printed something else than expected"));
	EXPECT_TRUE(says("hallo"));
	EXPECT_EQ(0, storm("--schedules 1 --any-exit", "false"));
}

/* Starts it, and waits until it has its scheduler and its target sleeps in it. */
static pid_t storm_about_sleep(void)
{
	pid_t pid = fork();
	int i;

	if (!pid) {
		execl("/bin/sh", "sh", "-c",
		      "exec \"$0\" explore --storm -o " TRACE " -- sleep 777 >" OUT " 2>&1",
		      oncpu(), NULL);
		_exit(127);
	}
	for (i = 0; i < 600 && run("pgrep -x -f 'sleep 777' >/dev/null"); i++)
		usleep(100000);
	return pid;
}

TEST_F(storm, interrupt_leaves_nothing)
{
	pid_t pid = storm_about_sleep();

	EXPECT_FALSE(is_off());
	kill(pid, SIGINT);
	EXPECT_EQ(3, status_of(pid));
	EXPECT_TRUE(says("interrupted in run 0"));
	EXPECT_TRUE(is_off());
	EXPECT_NE(0, run("pgrep -x -f 'sleep 777'"));
}

TEST_F(storm, killed_leaves_nothing)
{
	pid_t pid = storm_about_sleep();
	int i;

	kill(pid, SIGKILL);
	EXPECT_EQ(1000 + SIGKILL, status_of(pid));
	for (i = 0; i < 600 && (!is_off() || !run("pgrep -x -f 'sleep 777' >/dev/null")); i++)
		usleep(100000);
	EXPECT_TRUE(is_off());
	EXPECT_NE(0, run("pgrep -x -f 'sleep 777'"));
}

TEST_F(storm, one_at_a_time)
{
	pid_t pid = storm_about_sleep();

	EXPECT_EQ(3, run("%s explore --storm -o " DIR "/second.oncpu -- true >" DIR "/second 2>&1",
			 oncpu()));
	EXPECT_EQ(0, run("grep -q 'has another sched_ext scheduler already' " DIR "/second"));
	EXPECT_FALSE(is_off());
	kill(pid, SIGINT);
	EXPECT_EQ(3, status_of(pid));
}

/* By SysRq-S, as an administrator can: what the rest of the run did is no verdict. */
TEST_F(storm, thrown_out)
{
	pid_t pid = storm_about_sleep();
	int i;

	EXPECT_EQ(0, run("echo S >/proc/sysrq-trigger"));
	for (i = 0; i < 600 && !is_off(); i++)
		usleep(100000);
	run("pkill -x -f 'sleep 777'");
	EXPECT_EQ(3, status_of(pid));
	show();
	EXPECT_TRUE(says("the kernel threw the scheduler out"));
	EXPECT_TRUE(says("sysrq-S"));
	EXPECT_FALSE(says("failed:"));
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

/* A kernel that has it, seen without it. */
TEST(skips_without_the_kernels_help)
{
	int status;

	run("mkdir -p " DIR);
	if (!fork()) {
		if (unshare(CLONE_NEWNS) || mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) ||
		    mount("none", "/sys/kernel", "tmpfs", 0, NULL))
			_exit(99);
		_exit(run("%s explore --storm -- true 2>" OUT, oncpu()));
	}
	wait(&status);
	EXPECT_EQ(4, WEXITSTATUS(status));
	EXPECT_TRUE(says("sched_ext"));
}

int main(int argc, char **argv)
{
	if (argc == 3 && !strcmp(argv[1], "--work"))
		return work_whose();
	return test_harness_run(argc, argv);
}
