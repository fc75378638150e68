// SPDX-License-Identifier: GPL-2.0
/*
 * 23 sleeps give 23 voluntary switches: in both recorders, in getrusage() and in /proc.
 *
 * The sleeper marks the window by renaming itself, which is in the trace, too. Its partner feeds
 * the pipe only when it sees the sleeper asleep, so that every read sleeps, once.
 */
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kselftest_harness.h"
#include "lib/lib.h"

#define NR_SLEEPS 23
#define RESULT	  "/tmp/exact23.out"

static long rusage_switches(void)
{
	struct rusage u;

	getrusage(RUSAGE_THREAD, &u);
	return u.ru_nvcsw;
}

static void sleeper(int fd, atomic_int *round, int nr_sleeps)
{
	FILE *before = fopen("/proc/thread-self/status", "re");
	FILE *after = fopen("/proc/thread-self/status", "re");
	long status, rusage;
	char byte;
	int i;

	status = status_number(before, "voluntary_ctxt_switches");
	rusage = rusage_switches();
	prctl(PR_SET_NAME, "mark-begin");
	for (i = 1; i <= nr_sleeps; i++) {
		atomic_store(round, i);
		if (read(fd, &byte, 1) != 1)
			exit(1);
	}
	prctl(PR_SET_NAME, "mark-end");
	rusage = rusage_switches() - rusage;
	status = status_number(after, "voluntary_ctxt_switches") - status;
	printf("%ld %ld\n", rusage, status);
	exit(fflush(stdout));
}

static int work(int nr_sleeps)
{
	atomic_int *round =
		mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	int fds[2], i, status;
	pid_t child;

	if (pipe(fds))
		return 1;
	atomic_store(round, 0);
	child = fork();
	if (child == 0)
		sleeper(fds[0], round, nr_sleeps);
	for (i = 1; i <= nr_sleeps; i++) {
		while (atomic_load(round) != i)
			usleep(1000);
		wait_asleep(child, child);
		if (write(fds[1], "", 1) != 1)
			return 1;
	}
	waitpid(child, &status, 0);
	return status ? 1 : 0;
}

static int count_in_window(const struct event *e, size_t n)
{
	uint32_t tid = tid_named(e, n, "mark-begin");
	bool inside = false;
	int count = 0;
	size_t i;

	for (i = 0; i < n; i++) {
		if (e[i].r->tid != tid)
			continue;
		if (e[i].r->type == ONCPU_COMM)
			inside = !strcmp(e[i].r->comm, "mark-begin");
		else if (inside && is_voluntary(e[i].r))
			count++;
	}
	return tid ? count : -1;
}

static void check(struct __test_metadata *_metadata, struct trace *t, enum trace_source source)
{
	struct event *e;
	size_t n;

	e = events_of(t, source, &n);
	EXPECT_EQ(0, lost_of(t, source));
	EXPECT_EQ(NR_SLEEPS, count_in_window(e, n))
	{
		TH_LOG("source %d", source);
	}
	free(e);
}

TEST(twenty_three_sleeps_are_twenty_three_switches)
{
	long rusage = 0, status = 0;
	struct trace *t;
	FILE *f;

	ASSERT_EQ(0, module_load());
	t = record_work("both", "23", RESULT);
	ASSERT_NE(NULL, t);
	f = fopen(RESULT, "re");
	ASSERT_NE(NULL, f);
	ASSERT_EQ(2, fscanf(f, "%ld %ld", &rusage, &status));
	fclose(f);
	EXPECT_EQ(NR_SLEEPS, rusage);
	EXPECT_EQ(NR_SLEEPS, status);
	EXPECT_TRUE(t->complete);
	check(_metadata, t, TRACE_MODULE);
	check(_metadata, t, TRACE_BPF);
	trace_free(t);
}

int main(int argc, char **argv)
{
	if (argc == 3 && !strcmp(argv[1], "--work"))
		return work(atoi(argv[2]));
	return test_harness_run(argc, argv);
}
