// SPDX-License-Identifier: GPL-2.0
/*
 * Recordings killed at random moments: the file reads, is marked, holds a beginning of what was
 * and lacks its last 100 ms at most, as a rule; and nothing is left of the target. The workload keeps its own
 * account: it renames itself "m-N" and then notes N in a file, and it naps for 2 ms after each. So it is
 * what it did in 100 ms that may be missing. All of it is on one CPU: a host that stops that one stops the
 * workload, too, and not the recorder alone.
 *
 *   ONCPU_KILLS  how many recordings (default 20)
 *   ONCPU_SEED   of the moments
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kselftest_harness.h"
#include "lib/lib.h"

#define DIR    "/tmp/killed_recorder"
#define FILE1  DIR "/t.oncpu"
#define MARKS  DIR "/marks"
#define NAP_MS 2
#define LATE   (2 * 100 / NAP_MS) /* twice: where all is slow, the recorder is, too */

/* With a child that has left the group and the session, as daemons do. */
static int work(void)
{
	int fd = open(MARKS, O_WRONLY | O_CREAT | O_APPEND, 0666);
	unsigned int nr = 0;
	char name[16];

	if (fork() == 0) {
		setsid();
		prctl(PR_SET_NAME, "kr-daemon");
		for (;;)
			pause();
	}
	for (;;) {
		nr++;
		snprintf(name, sizeof(name), "m-%u", nr);
		prctl(PR_SET_NAME, name);
		if (write(fd, &nr, sizeof(nr)) != sizeof(nr))
			return 1;
		usleep(NAP_MS * 1000);
	}
}

static pid_t start(const char *source)
{
	pid_t pid = fork();

	if (pid == 0) {
		execlp(oncpu(), "oncpu", "record", "--source", source, "--user", "root", "-o",
		       FILE1, "--", this_program(), "--work", (char *)NULL);
		_exit(99);
	}
	return pid;
}

/* How many marks the workload noted. */
static unsigned int noted(void)
{
	struct stat s;

	return stat(MARKS, &s) ? 0 : (unsigned int)((size_t)s.st_size / sizeof(unsigned int));
}

/* The marks in the trace are 1, 2, 3... without a hole. Returns the last one. */
static unsigned int recorded(const struct trace *t, enum trace_source source, bool *whole)
{
	unsigned int last = 0, nr;
	struct event *e;
	size_t n, i;

	e = events_of(t, source, &n);
	*whole = true;
	for (i = 0; i < n; i++) {
		if (e[i].r->type != ONCPU_COMM || sscanf(e[i].r->comm, "m-%u", &nr) != 1)
			continue;
		*whole &= nr == last + 1;
		last = nr;
	}
	free(e);
	return last;
}

static bool has_group(void)
{
	return run("ls -d /sys/fs/cgroup/oncpu-* /sys/fs/cgroup/*/oncpu-* 2>/dev/null | grep -q "
		   ".") == 0;
}

/* Who has left the target's session is only found where the target has a control group. */
static bool nothing_left(bool grouped)
{
	const char *names = grouped ? "-e 'm-[0-9]*' -e kr-daemon" : "-e 'm-[0-9]*'";
	int tries;

	for (tries = 0; tries < 3000; tries++) {
		if (run("cat /proc/[0-9]*/comm 2>/dev/null | grep -qx %s", names) && !has_group())
			return true;
		usleep(10000);
	}
	return false;
}

static unsigned int number_of(const char *name, unsigned int otherwise)
{
	const char *value = getenv(name);

	return value ? (unsigned int)strtoul(value, NULL, 10) : otherwise;
}

/* Returns whether more is missing than may be. */
static bool kill_one(struct __test_metadata *_metadata, const char *source, unsigned int after_ms)
{
	enum trace_source id = strcmp(source, "bpf") ? TRACE_MODULE : TRACE_BPF;
	bool grouped;
	struct trace *t = NULL;
	unsigned int last, n;
	char why[256] = "";
	bool whole;
	pid_t pid;

	unlink(FILE1);
	unlink(MARKS);
	pid = start(source);
	usleep(after_ms * 1000);
	grouped = has_group();
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	EXPECT_TRUE(nothing_left(grouped))
	{
		TH_LOG("left after %u ms of %s", after_ms, source);
		run("ps -e -o pid,ppid,stat,comm | grep -e 'm-[0-9]' -e kr-d | sed 's/^/# /'; "
		    "ls -d /sys/fs/cgroup/oncpu-* | sed 's/^/# /'");
	}
	run("pkill -9 -x kr-daemon");
	n = noted();
	if (access(FILE1, F_OK) || trace_read(&t, FILE1, why, sizeof(why))) {
		/* Killed before it began: then the target has done nothing yet, either. */
		EXPECT_EQ(0, n)
		{
			TH_LOG("%s", why);
		}
		return false;
	}
	EXPECT_FALSE(t->complete);
	last = recorded(t, id, &whole);
	EXPECT_TRUE(whole);
	EXPECT_EQ(0, lost_of(t, id));
	EXPECT_LE(last, n + 1); /* a name may be taken and not yet be noted */
	printf("# %s killed after %u ms: %u of %u marks\n", source, after_ms, last, n);
	trace_free(t);
	return last + LATE < n;
}

TEST(at_random_moments)
{
	unsigned int i, n = number_of("ONCPU_KILLS", 20), nr_late = 0;

	srand(number_of("ONCPU_SEED", 1));
	pin(0);
	run("rm -rf " DIR "; mkdir -p " DIR);
	ASSERT_EQ(0, module_load());
	for (i = 0; i < n; i++)
		nr_late += kill_one(_metadata, i % 2 ? "bpf" : "module",
				    (unsigned int)(rand() % 1500));
	EXPECT_GE(n / 4, nr_late);
	/* What was killed holds nothing: the next recording works. */
	EXPECT_EQ(0, run("%s record -o " FILE1 " -- true 2>/dev/null", oncpu()));
	run("rm -rf " DIR);
}

int main(int argc, char **argv)
{
	if (argc == 2 && !strcmp(argv[1], "--work"))
		return work();
	return test_harness_run(argc, argv);
}
