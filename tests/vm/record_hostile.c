// SPDX-License-Identifier: GPL-2.0
/*
 * oncpu record where the world is against it: full disks, places that are no file, low limits,
 * another recorder, nobody who listens, a target that stops.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "kselftest_harness.h"
#include "lib/lib.h"

#define DIR   "/tmp/record_hostile"
#define FILE1 DIR "/t.oncpu"
#define ERR   DIR "/err"

FIXTURE(cli){};

FIXTURE_SETUP(cli)
{
	run("rm -rf " DIR "; mkdir -p " DIR "/disk");
}

FIXTURE_TEARDOWN(cli)
{
	umount(DIR "/disk");
	run("rm -rf " DIR);
}

/* oncpu record OPTIONS..., with eBPF alone, stderr in ERR */
static int record(const char *arguments)
{
	return run("%s record --source bpf -o " FILE1 " %s 2>" ERR, oncpu(), arguments);
}

static bool says(const char *text)
{
	return run("grep -qF -e '%s' " ERR, text) == 0;
}

static struct trace *trace_at(const char *path)
{
	struct trace *t = NULL;
	char why[256];

	if (trace_read(&t, path, why, sizeof(why)))
		printf("# %s: %s\n", path, why);
	return t;
}

/* Starts it in the background, with a command that never ends by itself. */
static pid_t start(const char *command)
{
	pid_t pid = fork();

	if (pid == 0) {
		int fd = open(ERR, O_WRONLY | O_CREAT | O_TRUNC, 0644);

		dup2(fd, STDERR_FILENO);
		execlp(oncpu(), "oncpu", "record", "--source", "bpf", "--user", "root", "-o", FILE1,
		       "--", "sh", "-c", command, (char *)NULL);
		_exit(99);
	}
	return pid;
}

TEST_F(cli, full_disk)
{
	struct trace *t;

	ASSERT_EQ(0, mount("full", DIR "/disk", "tmpfs", 0, "size=8k"));
	EXPECT_EQ(3, run("%s record --source bpf --user root -o " DIR
			 "/disk/t.oncpu -- %s --work busy "
			 "2>" ERR,
			 oncpu(), this_program()));
	EXPECT_TRUE(says("no space left"));
	EXPECT_TRUE(says("The command goes on, unrecorded"));
	EXPECT_TRUE(says("ended with exit status 0"));
	t = trace_at(DIR "/disk/t.oncpu");
	if (t)
		EXPECT_FALSE(t->complete);
	trace_free(t);
}

/* As a full disk, but the kernel's way to say so is a signal. */
TEST_F(cli, a_file_that_may_not_grow)
{
	struct trace *t;

	EXPECT_EQ(3, run("ulimit -f 8; %s record --source bpf --user root -o " FILE1
			 " -- %s --work busy 2>" DIR "/disk/err",
			 oncpu(), this_program()));
	EXPECT_EQ(0, run("grep -q 'writing .* failed: File too large' " DIR "/disk/err"));
	EXPECT_EQ(0, run("grep -q 'ended with exit status 0' " DIR "/disk/err"));
	t = trace_at(FILE1);
	ASSERT_NE(NULL, t);
	EXPECT_FALSE(t->complete);
	trace_free(t);
}

TEST_F(cli, places_that_are_no_file)
{
	EXPECT_EQ(0, run("mkfifo " DIR "/fifo"));
	EXPECT_EQ(3, record("-o " DIR "/fifo -- true"));
	EXPECT_TRUE(says("no regular file"));
	EXPECT_EQ(3, record("-o " DIR " -- true"));
	EXPECT_TRUE(says("Is a directory"));
	ASSERT_EQ(0, mount("ro", DIR "/disk", "tmpfs", MS_RDONLY, "size=8k"));
	EXPECT_EQ(3, record("-o " DIR "/disk/t.oncpu -- true"));
	EXPECT_TRUE(says("Read-only file system"));
}

TEST_F(cli, two_at_once)
{
	pid_t pid;

	ASSERT_EQ(0, module_load());
	run("chmod 777 " DIR);
	pid = fork();
	if (pid == 0) {
		execlp(oncpu(), "oncpu", "record", "--source", "module", "-o", DIR "/first.oncpu",
		       "--", "sh", "-c", "touch " DIR "/ready; sleep 600", (char *)NULL);
		_exit(99);
	}
	ASSERT_TRUE(eventually("test -e " DIR "/ready"));
	EXPECT_EQ(3, run("%s record --source module -o " FILE1 " -- true 2>" ERR, oncpu()));
	EXPECT_TRUE(says("busy: another oncpu records"));
	EXPECT_NE(0, access(FILE1, F_OK));
	EXPECT_EQ(0, record("-- true")); /* eBPF beside it */
	kill(pid, SIGTERM);
	EXPECT_EQ(128 + SIGTERM, status_of(pid));
	EXPECT_EQ(0, run("%s report " DIR "/first.oncpu --json | grep -q '\"complete\": true'",
			 oncpu()));
}

TEST_F(cli, nobody_listens)
{
	struct trace *t;

	EXPECT_EQ(0, run("(%s record -o " FILE1 " -- sh -c 'sleep 0.3; exit 0' 2>&1; echo $? >" DIR
			 "/status) | true",
			 oncpu()));
	EXPECT_TRUE(
		eventually("test -s " DIR "/status")); /* the pipe's other end is not waited for */
	EXPECT_EQ(0, run("grep -qx 0 " DIR "/status"));
	t = trace_at(FILE1);
	ASSERT_NE(NULL, t);
	EXPECT_TRUE(t->complete);
	trace_free(t);
}

TEST_F(cli, low_limits)
{
	struct trace *t;
	int status =
		run("ulimit -l 0; ulimit -n 20; %s record --source bpf -o " FILE1 " -- true 2>" ERR,
		    oncpu());

	/* It works, or says what is missing. */
	EXPECT_TRUE(status == 0 || (status == 3 && says("Too many open files")));
	EXPECT_EQ(0,
		  run("ulimit -l 0; %s record --source bpf -o " FILE1 " -- true 2>" ERR, oncpu()));
	t = trace_at(FILE1);
	ASSERT_NE(NULL, t);
	EXPECT_TRUE(t->complete);
	trace_free(t);
}

TEST_F(cli, a_target_that_stops_itself)
{
	struct trace *t;
	pid_t pid;

	pid = start("echo $$ >" DIR "/pid; kill -STOP $$; exit 5");
	ASSERT_TRUE(eventually("grep -q '^State:.T' /proc/$(cat " DIR "/pid)/status 2>/dev/null"));
	EXPECT_EQ(0, waitpid(pid, NULL, WNOHANG));
	send_signal(pid, SIGINT); /* it stays pending */
	usleep(200000);
	kill(pid, SIGINT);
	EXPECT_EQ(128 + SIGKILL, status_of(pid));
	t = trace_at(FILE1);
	ASSERT_NE(NULL, t);
	EXPECT_TRUE(t->complete);
	trace_free(t);
}

int main(int argc, char **argv)
{
	if (argc == 3 && !strcmp(argv[1], "--work")) {
		ping_pong(4000);
		return 0;
	}
	return test_harness_run(argc, argv);
}
