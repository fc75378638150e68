// SPDX-License-Identifier: GPL-2.0
/*
 * A recorder is not to change what it records: the load balancer moves threads about beside it as without
 * it. Nor is it to be drowned: among hundreds of runnable threads it sees to it that it runs.
 */
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "kselftest_harness.h"
#include "lib/clock.h"
#include "lib/lib.h"

#define TRACE	    "/tmp/undisturbed.oncpu"
#define MOVES	    "/tmp/undisturbed.moves"
#define ERR	    "/tmp/undisturbed.err"
#define HOGS_S	    4
#define CROWD_S	    60 /* at most: it is ended where the recorder was heard */
#define CROWD	    300
#define LOOK_US	    20000
#define TIMES_FEWER 2 /* 3 to 60 where the recorder is of nice -20 */

static long nr_moves;

/* Who goes on on another CPU counts it. */
static void *hog(void *seconds)
{
	uint64_t end = now_ns() + (uint64_t)(uintptr_t)seconds * 1000000000u;
	int cpu = sched_getcpu(), now;

	while (now_ns() < end) {
		now = sched_getcpu();
		if (now != cpu)
			__atomic_fetch_add(&nr_moves, 1, __ATOMIC_RELAXED);
		cpu = now;
	}
	return NULL;
}

static void hogs(long n, uintptr_t seconds)
{
	pthread_t threads[CROWD];
	long i;

	for (i = 0; i < n; i++)
		if (pthread_create(&threads[i], NULL, hog, (void *)seconds))
			exit(1);
	for (i = 0; i < n; i++)
		pthread_join(threads[i], NULL);
}

/* One more than there are CPUs: none of them can have its own. */
static int work(const char *name)
{
	if (!strcmp(name, "crowd")) {
		hogs(CROWD, CROWD_S);
		return 0;
	}
	hogs(sysconf(_SC_NPROCESSORS_ONLN) + 1, HOGS_S);
	printf("%ld\n", nr_moves);
	return 0;
}

static long moves(const char *command)
{
	FILE *f;
	long n = -1;

	if (run("%s >" MOVES " 2>" ERR, command))
		return -1;
	f = fopen(MOVES, "re");
	if (f && fscanf(f, "%ld", &n) != 1)
		n = -1;
	if (f)
		fclose(f);
	return n;
}

TEST(threads_change_places_as_without_it)
{
	long alone, recorded;
	char command[512];

	snprintf(command, sizeof(command), "%s --work hogs", this_program());
	alone = moves(command);
	snprintf(command, sizeof(command), "%s record -o " TRACE " -- %s --work hogs", oncpu(),
		 this_program());
	recorded = moves(command);
	TH_LOG("%ld moves alone, %ld recorded", alone, recorded);
	ASSERT_LT(0, alone);
	EXPECT_LE(alone, recorded * TIMES_FEWER);
	unlink(TRACE);
	unlink(MOVES);
	unlink(ERR);
}

TEST(it_is_heard_among_hundreds)
{
	uint64_t end;
	pid_t pid = fork();
	int nice = 0;

	if (pid == 0) {
		if (!freopen(ERR, "w", stderr))
			_exit(98);
		execlp(oncpu(), "oncpu", "record", "-o", TRACE, "--", this_program(), "--work",
		       "crowd", (char *)NULL);
		_exit(99);
	}
	end = now_ns() + CROWD_S * 1000000000ull;
	while (now_ns() < end && nice != -20) {
		usleep(LOOK_US);
		nice = getpriority(PRIO_PROCESS, (id_t)pid);
	}
	EXPECT_EQ(-20, nice);
	send_signal(pid, SIGTERM);
	EXPECT_EQ(128 + SIGTERM, status_of(pid));
	EXPECT_EQ(0, run("grep -q ' 0 lost' " ERR));
	EXPECT_NE(0, run("grep -q ' [1-9][0-9]* lost' " ERR)); /* by none of the recorders */
	unlink(TRACE);
	unlink(ERR);
}

int main(int argc, char **argv)
{
	if (argc > 2 && !strcmp(argv[1], "--work"))
		return work(argv[2]);
	return test_harness_run(argc, argv);
}
