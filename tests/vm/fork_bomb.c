// SPDX-License-Identifier: GPL-2.0
/*
 * A command that forks without end, in sessions of their own, deaf to signals: it is over soon after
 * the command is, or after somebody asks for the end, and nobody is left.
 */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "kselftest_harness.h"
#include "lib/lib.h"

#define NAME	  "bombshell"
#define TRACE	  "/tmp/fork_bomb.oncpu"
#define ERR	  "/tmp/fork_bomb.err"
#define MARK	  "/tmp/fork_bomb.mark" /* the command made it: it ends now, or goes off */
#define SOON_S	  100			/* an emulated guest on a busy host: 15 s were seen there */
#define BREATH_US 100000
#define BURNS_S	  3

/*
 * One that meets a fence takes a breath, as a shell does. Hundreds that do not keep an emulated
 * kernel from freeing what each failed fork took, until it is out of memory.
 */
static void go_off(void)
{
	pid_t pid;

	for (;;) {
		pid = fork();
		if (pid == 0)
			setsid();
		else if (pid < 0)
			usleep(BREATH_US);
	}
}

static int work(const char *name)
{
	signal(SIGTERM, SIG_IGN);
	prctl(PR_SET_NAME, NAME);
	if (!strcmp(name, "endless")) {
		close(creat(MARK, 0600));
		go_off();
	}
	if (fork() == 0)
		go_off();
	sleep(BURNS_S);
	close(creat(MARK, 0600));
	return 7;
}

/* Returns when the command made its mark. */
static pid_t start(const char *name)
{
	pid_t pid = fork();
	int tries;

	if (pid == 0) {
		if (!freopen(ERR, "w", stderr))
			_exit(98);
		execlp(oncpu(), "oncpu", "record", "--source", "bpf", "-o", TRACE, "--",
		       this_program(), "--work", name, (char *)NULL);
		_exit(99);
	}
	for (tries = 0; tries < 3000 && access(MARK, F_OK); tries++)
		usleep(20000);
	return pid;
}

/* Seconds until it ended; -1: it did not within the time. */
static int seconds_to_end(pid_t pid, int limit_s, int *status)
{
	time_t begin = time(NULL);

	while (time(NULL) - begin <= limit_s) {
		if (waitpid(pid, status, WNOHANG) == pid)
			return (int)(time(NULL) - begin);
		usleep(20000);
	}
	return -1;
}

/* Who is dead and not yet buried is no concern of the recorder's. */
static bool nobody_is_left(void)
{
	return run("cat /proc/[0-9]*/stat 2>/dev/null | grep -q '(" NAME ") [^ZX]'") != 0;
}

static void give_up(pid_t pid)
{
	run("for i in 1 2 3 4 5 6 7 8 9; do pkill -9 -x " NAME "; done");
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}

FIXTURE(bomb){};

FIXTURE_SETUP(bomb)
{
	/* Its end is as far off as the fence of the default user, or of the guest's commands, is. */
	if (run("id -u learner >/dev/null 2>&1"))
		SKIP(return, "no user to fence a fork bomb in");
}

FIXTURE_TEARDOWN(bomb)
{
	unlink(TRACE);
	unlink(MARK);
	unlink(ERR);
}

TEST_F(bomb, ends_with_the_command)
{
	pid_t pid = start("short");
	int status = -1, seconds = seconds_to_end(pid, SOON_S, &status);

	EXPECT_LE(0, seconds);
	if (seconds < 0)
		give_up(pid);
	TH_LOG("ended after %d s", seconds);
	EXPECT_TRUE(WIFEXITED(status));
	EXPECT_EQ(7, WEXITSTATUS(status));
	EXPECT_TRUE(nobody_is_left());
	EXPECT_EQ(0, run("grep -q 'left [0-9][0-9]* processes running' " ERR));
}

TEST_F(bomb, ends_when_asked_twice)
{
	pid_t pid = start("endless");
	int status = -1, seconds;

	sleep(BURNS_S);
	send_signal(pid, SIGTERM);
	usleep(300000);
	kill(pid, SIGTERM);
	seconds = seconds_to_end(pid, SOON_S, &status);
	EXPECT_LE(0, seconds);
	if (seconds < 0)
		give_up(pid);
	TH_LOG("ended after %d s", seconds);
	EXPECT_EQ(128 + SIGKILL, WEXITSTATUS(status));
	EXPECT_TRUE(nobody_is_left());
}

int main(int argc, char **argv)
{
	if (argc == 3 && !strcmp(argv[1], "--work"))
		return work(argv[2]);
	return test_harness_run(argc, argv);
}
