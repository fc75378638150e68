// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "record/cgroup.h"
#include "record/guard.h"

#define GROUP_TRIES    500
#define GROUP_PAUSE_US 10000

static void end_group(int group)
{
	int tries;

	cgroup_kill(group);
	for (tries = 0; tries < GROUP_TRIES && cgroup_count(group); tries++)
		usleep(GROUP_PAUSE_US);
	cgroup_remove(group);
}

/* Only what the guard needs stays open: not the terminal, no pipe that somebody waits on. */
static void close_others(int alive)
{
	int null = open("/dev/null", O_RDWR), fd, last = (int)sysconf(_SC_OPEN_MAX);

	for (fd = 0; fd <= STDERR_FILENO; fd++)
		if (null >= 0)
			dup2(null, fd);
	for (fd = STDERR_FILENO + 1; fd < last && fd < 4096; fd++)
		if (fd != alive)
			close(fd);
}

static bool read_all(int fd, void *to, size_t size)
{
	ssize_t n;

	do
		n = read(fd, to, size);
	while (n < 0 && errno == EINTR);
	return n == (ssize_t)size;
}

static void stand_guard(int alive)
{
	pid_t target;
	int group;
	char byte;

	setsid();
	prctl(PR_SET_NAME, "oncpu-guard");
	close_others(alive);
	if (!read_all(alive, &target, sizeof(target)))
		_exit(0); /* there never was one */
	group = cgroup_open(target);
	if (read_all(alive, &byte, 1))
		_exit(0); /* the recorder has tidied up itself */
	kill(-target, SIGKILL);
	end_group(group);
	_exit(0);
}

/* Twice forked: no child of ours, since those are killed when the target has ended. */
static void fork_guard(int alive)
{
	sigset_t all;

	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, NULL);
	if (fork() == 0)
		stand_guard(alive);
	_exit(0);
}

int guard_start(struct guard *g)
{
	int fds[2], err;
	pid_t pid;

	if (pipe2(fds, O_CLOEXEC))
		return -errno;
	pid = fork();
	err = pid < 0 ? -errno : 0;
	if (pid == 0) {
		close(fds[1]);
		fork_guard(fds[0]);
	}
	close(fds[0]);
	g->alive = fds[1];
	if (err)
		guard_stop(g);
	else
		waitpid(pid, NULL, 0);
	return err;
}

/* A guard that is gone is no reason to fail. */
static void tell_guard(const struct guard *g, const void *what, size_t size)
{
	if (g->alive >= 0 && write(g->alive, what, size) < 0)
		return;
}

void guard_target(struct guard *g, pid_t target)
{
	tell_guard(g, &target, sizeof(target));
}

void guard_stop(struct guard *g)
{
	tell_guard(g, "", 1);
	if (g->alive >= 0)
		close(g->alive);
	g->alive = -1;
}
