// SPDX-License-Identifier: GPL-2.0
/*
 * oncpu explore --storm: programs of several processes, as they are, under the storm of seeds that are
 * fixed. What fails natively next to never fails in it; what is correct does not.
 */
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kselftest_harness.h"
#include "lib/lib.h"

#define DIR	   "/tmp/storm"
#define TRACE	   DIR "/t.oncpu"
#define OUT	   DIR "/out"

#define RUNS	   20
#define SCHED_EXT_ 7
#define DEPOSITS   20

struct bank {
	pthread_mutex_t lock, other;
	volatile long balance;
	volatile int ready;
};

static struct bank *bank_open(void)
{
	struct bank *b =
		mmap(NULL, sizeof(*b), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	pthread_mutexattr_t shared;

	pthread_mutexattr_init(&shared);
	pthread_mutexattr_setpshared(&shared, PTHREAD_PROCESS_SHARED);
	pthread_mutex_init(&b->lock, &shared);
	pthread_mutex_init(&b->other, &shared);
	return b;
}

static int join_children(void)
{
	int status, bad = 0;

	while (wait(&status) > 0)
		bad |= status;
	return bad ? 1 : 0;
}

static void think(long n)
{
	volatile long i;

	for (i = 0; i < n; i++)
		;
}

/* Reads, thinks, writes: two processes, with or without a lock about it. */
static void deposit(struct bank *b, bool locked)
{
	long seen;
	int i;

	for (i = 0; i < DEPOSITS; i++) {
		if (locked)
			pthread_mutex_lock(&b->lock);
		seen = b->balance;
		think(20);
		b->balance = seen + 1;
		if (locked)
			pthread_mutex_unlock(&b->lock);
	}
	_exit(0);
}

/* The second starts when the first, by all experience, is done. */
static int work_counter(bool locked)
{
	struct bank *b = bank_open();

	if (!fork())
		deposit(b, locked);
	usleep(10000);
	if (!fork())
		deposit(b, locked);
	join_children();
	return b->balance == 2 * DEPOSITS ? 0 : 1;
}

/* The child uses what the parent "surely" has made by then, or waits for it. */
static int work_order(bool waits)
{
	struct bank *b = bank_open();
	int go[2];
	char byte;

	if (pipe(go))
		return 2;
	if (!fork()) {
		if (waits && read(go[0], &byte, 1) != 1)
			_exit(2);
		if (!waits)
			usleep(10000);
		_exit(b->ready ? 0 : 1);
	}
	think(100);
	b->ready = 1;
	if (write(go[1], "", 1) != 1)
		return 2;
	return join_children();
}

/* Two locks in opposite orders, by two processes. */
static int work_deadlock(void)
{
	struct bank *b = bank_open();

	if (!fork()) {
		pthread_mutex_lock(&b->lock);
		think(100);
		pthread_mutex_lock(&b->other);
		_exit(0);
	}
	usleep(10000);
	pthread_mutex_lock(&b->other);
	think(100);
	if (pthread_mutex_trylock(&b->lock)) /* the child is still there: it will wait for us */
		pthread_mutex_lock(&b->lock);
	return 0;
}

/* ext.enabled of a task, as the kernel tells it; -1: it does not. */
static int is_on_ext(const char *pid)
{
	char path[64], line[128];
	int value = -1;
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%s/sched", pid);
	f = fopen(path, "r");
	while (f && value < 0 && fgets(line, sizeof(line), f))
		if (!strncmp(line, "ext.enabled", 11))
			value = atoi(strchr(line, ':') + 1);
	if (f)
		fclose(f);
	return value;
}

/* 0: the target and its child are the storm's, and oncpu, a stranger, is not. */
static int work_whose(void)
{
	char oncpu_pid[16];

	snprintf(oncpu_pid, sizeof(oncpu_pid), "%d", getppid());
	if (is_on_ext("self") != 1 || sched_getscheduler(0) != SCHED_EXT_)
		return 1;
	if (is_on_ext(oncpu_pid) != 0 || is_on_ext("1") != 0)
		return 2;
	if (!fork())
		_exit(is_on_ext("self") == 1 ? 0 : 3);
	return join_children();
}

static int work(const char *name)
{
	if (!strcmp(name, "counter"))
		return work_counter(false);
	if (!strcmp(name, "counter-locked"))
		return work_counter(true);
	if (!strcmp(name, "order"))
		return work_order(false);
	if (!strcmp(name, "order-waits"))
		return work_order(true);
	if (!strcmp(name, "deadlock"))
		return work_deadlock();
	return strcmp(name, "whose") ? 99 : work_whose();
}

FIXTURE(storm){};

FIXTURE_SETUP(storm)
{
	run("rm -rf " DIR "; mkdir -p " DIR);
	ASSERT_EQ(0, module_load());
	if (access("/sys/kernel/sched_ext", F_OK))
		SKIP(return, "this kernel has no sched_ext");
}

FIXTURE_TEARDOWN(storm)
{
	run("rm -rf " DIR);
}

static int storm(const char *options, const char *name)
{
	return run("%s explore --storm -o " TRACE " %s -- %s --work %s >" OUT " 2>&1", oncpu(),
		   options, this_program(), name);
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

	for (i = 0; i < RUNS; i++)
		nr += run("timeout 5 %s --work %s", this_program(), name) != 0;
	printf("# %s fails in %d of %d runs without a storm\n", name, nr, RUNS);
	return nr;
}

TEST_F(storm, race_between_processes)
{
	EXPECT_GE(1, native_failures("counter"));
	EXPECT_EQ(1, storm("", "counter"));
	show();
	EXPECT_TRUE(says("its exit status is not 0 (1)"));
	EXPECT_EQ(0, run("%s report " TRACE " >/dev/null", oncpu())); /* the evidence is there */
}

TEST_F(storm, wrong_order_of_processes)
{
	EXPECT_GE(1, native_failures("order"));
	EXPECT_EQ(1, storm("", "order"));
	show();
}

TEST_F(storm, deadlock_is_told)
{
	EXPECT_GE(1, native_failures("deadlock"));
	EXPECT_EQ(1, storm("--seconds-each 2", "deadlock"));
	show();
	EXPECT_TRUE(says("it did not end in time"));
	EXPECT_TRUE(says("Deadlock"));
}

TEST_F(storm, correct_programs_stay_so)
{
	EXPECT_EQ(0, storm("", "counter-locked"));
	EXPECT_TRUE(says("20 runs"));
	show();
	EXPECT_EQ(0, storm("--seed 100", "order-waits"));
	show();
	EXPECT_NE(0, access(TRACE, F_OK)); /* nothing to show */
}

TEST_F(storm, strangers_are_left_alone)
{
	EXPECT_EQ(0, storm("--schedules 3", "whose"));
	show();
	EXPECT_EQ(0, run("grep -qx disabled /sys/kernel/sched_ext/state")); /* it is gone */
}

TEST_F(storm, options)
{
	EXPECT_EQ(2, storm("--cc gcc", "order"));
	EXPECT_EQ(2, storm("--replay 7", "order"));
	EXPECT_EQ(3, run("%s explore --storm -o " TRACE " -- /nowhere/program 2>" OUT, oncpu()));
	EXPECT_TRUE(says("/nowhere/program"));
	EXPECT_EQ(0, run("%s explore --storm --schedules 1 --expect hello -o " TRACE
			 " -- printf hello >" OUT,
			 oncpu()));
	EXPECT_EQ(1, run("%s explore --storm --schedules 1 --expect hello -o " TRACE
			 " -- printf hallo >" OUT,
			 oncpu()));
	EXPECT_TRUE(says("hallo"));
	EXPECT_EQ(0, run("%s explore --storm --schedules 1 --any-exit -o " TRACE " -- false >" OUT,
			 oncpu()));
}

/* A kernel that has it, seen without it. */
TEST(skips_without_the_kernels_help)
{
	run("mkdir -p " DIR);
	EXPECT_EQ(4, run("unshare -m sh -c 'mount -t tmpfs none /sys/kernel; "
			 "exec %s explore --storm -- true' 2>" OUT,
			 oncpu()));
	EXPECT_TRUE(says("sched_ext"));
}

int main(int argc, char **argv)
{
	if (argc == 3 && !strcmp(argv[1], "--work"))
		return work(argv[2]);
	return test_harness_run(argc, argv);
}
