// SPDX-License-Identifier: GPL-2.0
/*
 * oncpu jobs and oncpu race: that jobs are what they are said to be, that each contestant is scheduled as
 * its name says, and that a race that is cut short leaves nothing behind. What is asked of the traces is
 * order alone, which holds on a busy machine.
 */
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kselftest_harness.h"
#include "lib/lib.h"
#include "lib/trace_reader.h"
#include "race/metrics.h"

#define DIR   "/tmp/race"
#define OUT   DIR "/out"
#define JOBS  "jobs 200 60@5 30@10"
#define STATE "/sys/kernel/sched_ext/state"
#define TRIES 3

FIXTURE(race){};

FIXTURE_SETUP(race)
{
	run("rm -rf " DIR "; mkdir -p " DIR "/tmp");
	setenv("TMPDIR", DIR "/tmp", 1);
	ASSERT_EQ(0, module_load());
}

FIXTURE_TEARDOWN(race)
{
	run("rm -rf " DIR);
}

static int race(const char *arguments)
{
	return run("%s race %s >" OUT " 2>" DIR "/err", oncpu(), arguments);
}

static int race_jobs(const char *arguments)
{
	char all[512];

	snprintf(all, sizeof(all), "%s -- %s " JOBS, arguments, oncpu());
	return race(all);
}

static bool says(const char *text)
{
	return run("grep -qF -e '%s' " OUT " " DIR "/err", text) == 0;
}

static void show(void)
{
	run("sed 's/^/# /' " OUT " " DIR "/err");
}

static bool nothing_is_left(void)
{
	return run("test -z \"$(ls " DIR "/tmp)\"") == 0 && run("pgrep '^job[0-9]'") != 0;
}

static bool has_ext(void)
{
	return run("grep -qw scx_bpf_now /proc/kallsyms") == 0;
}

static bool ext_is_off(void)
{
	return !has_ext() || run("grep -qx disabled " STATE) == 0;
}

/* The three jobs of a run. */
static bool measure(struct race_run *r, const char *name)
{
	struct trace *t = NULL;
	struct model *m = NULL;
	char path[256], why[512];
	bool good;

	snprintf(path, sizeof(path), DIR "/kept/%s.oncpu", name);
	good = !trace_read(&t, path, why, sizeof(why)) && !model_build(&m, t, 0) &&
	       !race_run_make(r, m, (struct race_cpus){ m->nr_cpus - 1, 1 }) && r->nr_jobs == 3;
	model_free(m);
	trace_free(t);
	return good;
}

/* Each runs to its end before the next begins, in order of arrival. */
static bool is_one_by_one(const char *name)
{
	struct race_run r;
	bool good = measure(&r, name) && r.jobs[1].began_ns >= r.jobs[0].end_ns &&
		    r.jobs[2].began_ns >= r.jobs[1].end_ns &&
		    !strcmp(r.jobs[0].name, "job1-200ms") && !strcmp(r.jobs[2].name, "job3-30ms");

	race_run_free(&r);
	return good;
}

/* They had turns before the long one was through: no more than that, as a busy host makes turns long. */
static bool is_in_turns(const char *name)
{
	struct race_run r;
	bool good = measure(&r, name) && r.jobs[1].began_ns < r.jobs[0].end_ns &&
		    r.jobs[2].began_ns < r.jobs[0].end_ns;

	race_run_free(&r);
	return good;
}

/* What is to hold in a run; told where it does not. */
#define HOLDS(what)                                   \
	do {                                          \
		if (!(what)) {                        \
			printf("# not: %s\n", #what); \
			show();                       \
			return false;                 \
		}                                     \
	} while (0)

/* Where the host stops the guest, that may be all the time that a job was to have on its CPU. */
static bool in_some_run(bool (*holds)(void))
{
	bool good = false;
	int i;

	for (i = 0; i < TRIES && !good; i++) {
		run("rm -rf " DIR "/kept");
		good = holds();
	}
	return good;
}

static bool kernels_own_race(void)
{
	HOLDS(race_jobs("eevdf rt-fifo rt-rr --runs 2 -o " DIR "/kept") == 0);
	HOLDS(is_one_by_one("rt-fifo-1"));
	HOLDS(is_one_by_one("rt-fifo-2"));
	HOLDS(is_in_turns("rt-rr-2")); /* of 100 ms */
	HOLDS(is_in_turns("eevdf-1"));
	HOLDS(says("rt-fifo agrees with theory (first in, first out)"));
	HOLDS(!says("eevdf differs"));
	return true;
}

TEST_F(race, kernels_own)
{
	EXPECT_TRUE(in_some_run(kernels_own_race));
	EXPECT_EQ(0, run("test $(ls " DIR "/kept | wc -l) = 6"));
	EXPECT_TRUE(says("eevdf, run "));
	EXPECT_EQ(0, run("test $(grep -c '^CPU 1' " OUT ") = 3"));
	EXPECT_TRUE(nothing_is_left());
}

static bool policies_race(void)
{
	HOLDS(race_jobs("fifo rr,slice_us=2000 lottery --runs 1 -o " DIR "/kept --html " DIR
			"/page.html") == 0);
	HOLDS(is_one_by_one("fifo-1"));
	HOLDS(is_in_turns("rr,slice_us=2000-1"));
	HOLDS(says("fifo agrees with theory"));
	HOLDS(!says("rr,slice_us=2000 differs"));
	HOLDS(!says("lottery differs"));
	return true;
}

TEST_F(race, policies)
{
	if (!has_ext())
		SKIP(return, "this kernel's sched_ext, if it has one, takes no scheduler of ours");
	EXPECT_TRUE(in_some_run(policies_race));
	EXPECT_TRUE(ext_is_off());
	EXPECT_EQ(0, run("test $(grep -c '<figure>' " DIR "/page.html) = 3"));
	EXPECT_EQ(0, run("grep -qF '</html>' " DIR "/page.html"));
}

static bool shortest_wins(void)
{
	char all[512];

	snprintf(all, sizeof(all), "sjf sjf,preempt=1 --runs 1 -- %s jobs 200 100 20", oncpu());
	HOLDS(race(all) == 0);
	HOLDS(says("sjf agrees with theory (shortest job first)"));
	return true;
}

/* All three are there at once; and where it goes by what is left, theory is another. */
TEST_F(race, shortest_first)
{
	if (!has_ext())
		SKIP(return, "this kernel's sched_ext, if it has one, takes no scheduler of ours");
	EXPECT_TRUE(in_some_run(shortest_wins));
	EXPECT_TRUE(says("sjf,preempt=1: theory gives no number"));
}

TEST_F(race, usage)
{
	EXPECT_EQ(2, race_jobs(""));
	EXPECT_EQ(2, race("eevdf"));
	EXPECT_EQ(2, race_jobs("nobody"));
	EXPECT_TRUE(says("nobody"));
	EXPECT_EQ(2, race_jobs("rr,nonsense=1"));
	EXPECT_EQ(2, race_jobs("eevdf --runs 0"));
	EXPECT_EQ(2, race_jobs("eevdf --cpus 3"));
	EXPECT_EQ(0, race("--list"));
	EXPECT_TRUE(says("rt-fifo"));
}

/* What a workload says is told where it fails, and not else. */
TEST_F(race, failing_workload)
{
	EXPECT_EQ(3, race("eevdf -- sh -c 'echo the reason; exit 7'"));
	EXPECT_TRUE(says("exit status 7"));
	EXPECT_TRUE(says("the reason"));
	EXPECT_EQ(3, race("eevdf -- /nowhere/program"));
	EXPECT_TRUE(says("/nowhere/program"));
	EXPECT_EQ(0, race("eevdf --runs 1 -- sh -c 'echo silence'"));
	EXPECT_FALSE(says("silence"));
	EXPECT_TRUE(nothing_is_left());
}

static pid_t long_race(const char *contestants)
{
	pid_t pid = fork();

	if (!pid) {
		execl("/bin/sh", "sh", "-c",
		      "exec \"$0\" race $1 -- \"$0\" jobs 100000 100000 >" OUT " 2>" DIR "/err",
		      oncpu(), contestants, NULL);
		_exit(127);
	}
	eventually("pgrep '^job2-' >/dev/null");
	return pid;
}

TEST_F(race, interrupt_leaves_nothing)
{
	pid_t pid = long_race(has_ext() ? "rr eevdf" : "eevdf");

	kill(pid, SIGINT);
	EXPECT_EQ(3, status_of(pid));
	show();
	EXPECT_TRUE(says("interrupted"));
	EXPECT_TRUE(nothing_is_left());
	EXPECT_TRUE(ext_is_off());
}

/* Thrown out by SysRq-S, as an administrator can: it is told, and the others go on. */
TEST_F(race, thrown_out)
{
	pid_t pid;

	if (!has_ext())
		SKIP(return, "this kernel's sched_ext, if it has one, takes no scheduler of ours");
	pid = fork();
	if (!pid) {
		execl("/bin/sh", "sh", "-c",
		      "exec \"$0\" race rr eevdf --runs 2 -- \"$0\" jobs 1500 1500 >" OUT " 2>" DIR
		      "/err",
		      oncpu(), NULL);
		_exit(127);
	}
	EXPECT_TRUE(eventually("pgrep '^job2-' >/dev/null"));
	EXPECT_EQ(0, run("echo S >/proc/sysrq-trigger"));
	EXPECT_EQ(0, status_of(pid));
	show();
	EXPECT_TRUE(says("rr is out of the race in run 1"));
	EXPECT_TRUE(says("eevdf, run "));
	EXPECT_TRUE(ext_is_off());
}

/* A kernel that has it, seen without it: who needs none races all the same. */
TEST_F(race, without_the_kernels_help)
{
	int status;

	if (!fork()) {
		if (unshare(CLONE_NEWNS) || mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) ||
		    mount("none", "/sys/kernel", "tmpfs", 0, NULL))
			_exit(99);
		_exit(race_jobs("fifo rt-fifo --runs 1"));
	}
	wait(&status);
	show();
	EXPECT_EQ(4, WEXITSTATUS(status));
	EXPECT_TRUE(says("sched_ext"));
	EXPECT_TRUE(says("rt-fifo, run 1 of 1"));
}

TEST_F(race, the_workload)
{
	EXPECT_EQ(0, run("%s jobs 20 10@5:2 4/1+2 >" OUT " 2>&1", oncpu()));
	show();
	EXPECT_EQ(0, run("test $(grep -c ^job " OUT ") = 3"));
	EXPECT_EQ(0, run("%s jobs --threads 20 10@5 >" OUT " 2>&1", oncpu()));
	EXPECT_EQ(0, run("test $(grep -c ^job " OUT ") = 2"));
	EXPECT_EQ(2, run("%s jobs 2>/dev/null", oncpu()));
	EXPECT_EQ(2, run("%s jobs 5:1 5:69 2>/dev/null", oncpu()));
	/* One is killed: the others are not waited for. */
	EXPECT_EQ(3, run("(until pkill '^job2-'; do sleep 0.1; done) & %s jobs 99999 99999 2>" OUT,
			 oncpu()));
	EXPECT_TRUE(says("one of them was ended"));
	EXPECT_TRUE(nothing_is_left());
}

TEST_HARNESS_MAIN
