// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "commands/checking.h"
#include "commands/keys.h"
#include "lib/command.h"

#define SELF	    "/proc/self/exe"
#define PATIENCE_MS 3000
#define AGAIN_MS    400 /* the host's front hands on the first ones, and leaves at the third */
#define TICK_MS	    20

static void plain_signals(void)
{
	static const int taken[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGCHLD };
	size_t i;

	for (i = 0; i < sizeof(taken) / sizeof(taken[0]); i++)
		signal(taken[i], SIG_DFL);
}

/*
 * A group of its own, so that Ctrl-C is ours and all of it can be ended; no keys of ours go there. It ends with
 * us, also where a signal ends us at once: in a pipe we take none.
 */
static void become(const char *program, char **argv, int out)
{
	int nothing = open("/dev/null", O_RDONLY);

	setpgid(0, 0);
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	if (nothing >= 0)
		dup2(nothing, STDIN_FILENO);
	if (out >= 0) {
		dup2(out, STDOUT_FILENO);
		dup2(out, STDERR_FILENO);
	}
	plain_signals();
	execv(program, argv);
	fprintf(stderr, "oncpu %s: cannot run %s\n", argv[1], program);
	_exit(EXIT_ENVIRON);
}

int checking_begin_as(struct checking *k, const struct course *c, char **argv, int out)
{
	char front[PATH_MAX];
	pid_t pid;

	/* The host's front, where there is one: it knows how to make guests. */
	course_path(front, c, "scripts/oncpu");
	fflush(stdout);
	pid = fork();
	if (pid < 0)
		return -errno;
	if (!pid)
		become(access(front, X_OK) ? SELF : front, argv, out);
	setpgid(pid, pid); /* whoever of the two comes first */
	k->pid = pid;
	return 0;
}

int checking_begin(struct checking *k, const struct loop *l, const struct exercise *e)
{
	char *argv[] = { "oncpu", "check", (char *)e->slug, NULL };

	return checking_begin_as(k, &l->course, argv, -1);
}

static int status_of(int wait_status)
{
	return WIFEXITED(wait_status) ? WEXITSTATUS(wait_status) : 128 + WTERMSIG(wait_status);
}

bool checking_ended(struct checking *k, int *status)
{
	int wait_status;

	if (!k->pid || waitpid(k->pid, &wait_status, WNOHANG) != k->pid)
		return false;
	k->pid = 0;
	*status = status_of(wait_status);
	return true;
}

void checking_stop(struct checking *k)
{
	struct timespec tick = { .tv_nsec = TICK_MS * 1000000L };
	pid_t group = k->pid;
	int status, waited;

	if (!group)
		return;
	for (waited = 0; waited < PATIENCE_MS && !checking_ended(k, &status); waited += TICK_MS) {
		if (waited % AGAIN_MS == 0)
			kill(-group, SIGTERM);
		nanosleep(&tick, NULL);
	}
	kill(-group, SIGKILL); /* who is left of it */
	if (k->pid)
		waitpid(k->pid, &status, 0);
	k->pid = 0;
}

int checking_run_self(char **argv)
{
	int wait_status = 0;
	pid_t pid;

	fflush(stdout);
	pid = fork();
	if (!pid) {
		plain_signals();
		argv[0] = "oncpu";
		execv(SELF, argv);
		_exit(EXIT_ENVIRON);
	}
	while (pid > 0 && waitpid(pid, &wait_status, 0) < 0 && errno == EINTR)
		if (keys_signal())
			kill(pid, keys_signal());
	return pid > 0 ? status_of(wait_status) : EXIT_ENVIRON;
}
