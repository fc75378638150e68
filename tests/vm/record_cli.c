// SPDX-License-Identifier: GPL-2.0
/*
 * oncpu record as its users meet it: options, exit statuses, signals and leftovers.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "kselftest_harness.h"
#include "lib/lib.h"

#define DIR   "/tmp/record_cli"
#define FILE1 DIR "/t.oncpu"
#define ERR   DIR "/err"

FIXTURE(cli){};

FIXTURE_SETUP(cli)
{
	run("rm -rf " DIR "; mkdir -p " DIR);
}

FIXTURE_TEARDOWN(cli)
{
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

TEST_F(cli, wrong_usage)
{
	EXPECT_EQ(2, record(""));
	EXPECT_EQ(2, record("--nonsense -- true"));
	EXPECT_EQ(2, record("--source perf -- true"));
	EXPECT_TRUE(says("module, bpf or both"));
	EXPECT_EQ(2, record("--buffer 5 -- true"));
	EXPECT_EQ(2, record("--buffer 21 -- true"));
	EXPECT_EQ(2, record("--buffer 1x -- true"));
	EXPECT_NE(0, access(FILE1, F_OK)); /* nothing was begun */
	EXPECT_EQ(3, record("--user nobody-of-that-name -- true"));
	EXPECT_TRUE(says("no user"));
	EXPECT_NE(0, access(FILE1, F_OK));
}

TEST_F(cli, exit_status_is_the_commands)
{
	EXPECT_EQ(0, record("-- true"));
	EXPECT_TRUE(says("0 lost"));
	EXPECT_EQ(7, record("-- sh -c 'exit 7'"));
	EXPECT_EQ(7, record("sh -c 'exit 7'")); /* the command's options are its own */
	EXPECT_EQ(128 + SIGSEGV, record("--user root -- sh -c 'kill -SEGV $$'"));
	EXPECT_EQ(127, record("-- /nowhere/no-command"));
	EXPECT_TRUE(says("/nowhere/no-command"));
	EXPECT_EQ(126, record("-- /etc/passwd"));
}

TEST_F(cli, file_tells_how_it_ended)
{
	struct trace *t;

	EXPECT_EQ(7, record("-- sh -c 'exit 7'"));
	t = trace_at(FILE1);
	ASSERT_NE(NULL, t);
	EXPECT_TRUE(t->complete);
	EXPECT_EQ(7, t->exit_code);
	EXPECT_STREQ("sh -c exit 7", t->command);
	EXPECT_LT(10, t->nr_tasks);
	trace_free(t);
	EXPECT_EQ(128 + SIGSEGV, record("-- sh -c 'kill -SEGV $$'"));
	t = trace_at(FILE1);
	ASSERT_NE(NULL, t);
	EXPECT_EQ(SIGSEGV, t->exit_signal);
	trace_free(t);
}

TEST_F(cli, signals_are_passed_on)
{
	struct trace *t;
	pid_t pid;

	pid = start("trap 'exit 9' INT; touch " DIR "/ready; while :; do sleep 0.01; done");
	ASSERT_TRUE(eventually("test -e " DIR "/ready"));
	kill(pid, SIGINT);
	EXPECT_EQ(9, status_of(pid)); /* the command tidied up */
	t = trace_at(FILE1);
	ASSERT_NE(NULL, t);
	EXPECT_TRUE(t->complete);
	trace_free(t);

	unlink(DIR "/ready");
	pid = start("trap '' INT; touch " DIR "/ready; while :; do sleep 0.01; done");
	ASSERT_TRUE(eventually("test -e " DIR "/ready"));
	send_signal(pid, SIGINT);
	usleep(300000);
	ASSERT_EQ(0, waitpid(pid, NULL, WNOHANG)); /* it does not care */
	kill(pid, SIGINT);
	EXPECT_EQ(128 + SIGKILL, status_of(pid));
	t = trace_at(FILE1);
	ASSERT_NE(NULL, t);
	EXPECT_TRUE(t->complete);
	EXPECT_EQ(SIGKILL, t->exit_signal);
	trace_free(t);
}

TEST_F(cli, killed_recorder_leaves_a_readable_file)
{
	size_t i, nr_records = 0;
	struct trace *t;
	pid_t pid;

	/* It has done that much, and what the recorder writes within 100 ms has had a second. */
	pid = start("i=0; while :; do sleep 0.01; i=$((i+1)); [ $i != 50 ] || echo $$ >" DIR
		    "/pid; done");
	ASSERT_TRUE(eventually("test -s " DIR "/pid"));
	sleep(1);
	kill(pid, SIGKILL);
	EXPECT_EQ(1000 + SIGKILL, status_of(pid));
	t = trace_at(FILE1);
	ASSERT_NE(NULL, t);
	EXPECT_FALSE(t->complete);
	EXPECT_LT(0, t->nr_streams);
	for (i = 0; i < t->nr_streams; i++)
		nr_records += t->streams[i].n;
	EXPECT_LT(100, nr_records);
	trace_free(t);
	/* The target went, too; where nobody buries it, it is a zombie. */
	EXPECT_TRUE(eventually("! grep -q '^State:.[^ZX]' /proc/$(cat " DIR
			       "/pid)/status 2>/dev/null"));
}

TEST_F(cli, leftovers_are_told_and_killed)
{
	EXPECT_EQ(0, record("--user root -- sh -c 'sleep 98761 & setsid sleep 98762 & sleep 0.5'"));
	EXPECT_TRUE(says("left 2 processes running"));
	EXPECT_NE(0, run("grep -qa 9876[1] /proc/[0-9]*/cmdline 2>/dev/null"));
	EXPECT_NE(0, run("grep -qa 9876[2] /proc/[0-9]*/cmdline 2>/dev/null"));
	EXPECT_EQ(0, record("--user root -- sh -c 'sleep 0.1 & wait'"));
	EXPECT_FALSE(says("left"));
}

TEST_F(cli, only_a_trace_is_overwritten)
{
	EXPECT_EQ(0, run("echo precious >" FILE1));
	EXPECT_EQ(3, record("-- true"));
	EXPECT_TRUE(says("choose another"));
	EXPECT_EQ(0, run("grep -qx precious " FILE1));
	EXPECT_EQ(0, run(": >" FILE1));
	EXPECT_EQ(0, record("-- true"));
	EXPECT_EQ(0, record("-- true"));
	EXPECT_EQ(3, record("-o /dev/null -- true"));
	EXPECT_EQ(3, record("-o /nowhere/t.oncpu -- true"));
	EXPECT_TRUE(says("/nowhere/t.oncpu"));
}

TEST_F(cli, runs_as_an_ordinary_user)
{
	EXPECT_EQ(0, run("%s record --source bpf -o " FILE1 " --user nobody -- "
			 "sh -c 'id -un; grep NoNewPrivs /proc/self/status; ps -o pgid= $$ 2>&1' "
			 ">" DIR "/out 2>" ERR,
			 oncpu()));
	EXPECT_EQ(0, run("grep -qx nobody " DIR "/out"));
	EXPECT_EQ(0, run("grep -q 'NoNewPrivs:.1' " DIR "/out"));
}

TEST_F(cli, module_that_is_not_loaded)
{
	while (module_unload() == -EWOULDBLOCK)
		usleep(1000);
	EXPECT_EQ(3, run("%s record --source module -o " FILE1 " -- true 2>" ERR, oncpu()));
	EXPECT_TRUE(says("insmod"));
	EXPECT_EQ(3, run("%s record --source both -o " FILE1 " -- true 2>" ERR, oncpu()));
	EXPECT_NE(0, access(FILE1, F_OK));
	EXPECT_EQ(0, run("%s record -o " FILE1 " -- true 2>" ERR, oncpu()));
	EXPECT_TRUE(says("eBPF alone"));
	EXPECT_EQ(0, module_load());
	EXPECT_EQ(0, run("%s record -o " FILE1 " -- true 2>" ERR, oncpu()));
	EXPECT_FALSE(says("eBPF alone"));
	EXPECT_TRUE(says("module"));
}

TEST_HARNESS_MAIN
