// SPDX-License-Identifier: GPL-2.0
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "record/guard.h"

#define GROUP_TRIES    500
#define GROUP_PAUSE_US 10000

/* The control group (v2) of a process: "0::/path". "" where it cannot be told. */
static void group_of(pid_t pid, char *path, size_t size)
{
	char file[64], line[2048];
	FILE *f;

	*path = '\0';
	snprintf(file, sizeof(file), "/proc/%d/cgroup", (int)pid);
	f = fopen(file, "re");
	while (f && fgets(line, sizeof(line), f))
		if (!strncmp(line, "0::", 3))
			snprintf(path, size, "%.*s", (int)strcspn(line + 3, "\n"), line + 3);
	if (f)
		fclose(f);
}

/* Where the hierarchy is mounted: "ID PARENT DEV ROOT MOUNTPOINT ... - cgroup2 ..." */
static bool find_mount(char *mount, size_t size)
{
	FILE *f = fopen("/proc/self/mountinfo", "re");
	char line[4096], at[2048];
	bool found = false;

	while (f && !found && fgets(line, sizeof(line), f)) {
		found = strstr(line, " - cgroup2 ") &&
			sscanf(line, "%*s %*s %*s %*s %2047s", at) == 1;
		if (found)
			snprintf(mount, size, "%s", at);
	}
	if (f)
		fclose(f);
	return found;
}

/* The folder of the target's group, where that is its own and not also ours. -1: it has none. */
static int open_group(pid_t target, char *folder, size_t size)
{
	char own[2048], group[2048], mount[2048];

	group_of(getpid(), own, sizeof(own));
	group_of(target, group, sizeof(group));
	if (!group[0] || !strcmp(own, group) || !find_mount(mount, sizeof(mount)))
		return -1;
	if ((size_t)snprintf(folder, size, "%s%s", mount, group) >= size)
		return -1;
	return open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

static void kill_group(int group, const char *folder)
{
	int fd = openat(group, "cgroup.kill", O_WRONLY | O_CLOEXEC), tries;

	if (fd >= 0 && write(fd, "1", 1) == 1)
		for (tries = 0; tries < GROUP_TRIES && rmdir(folder) && errno == EBUSY; tries++)
			usleep(GROUP_PAUSE_US);
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
	char folder[4096] = "", byte;
	int group = -1;
	pid_t target;

	setsid();
	prctl(PR_SET_NAME, "oncpu-guard");
	close_others(alive);
	if (!read_all(alive, &target, sizeof(target)))
		_exit(0); /* there never was one */
	group = open_group(target, folder, sizeof(folder));
	if (read_all(alive, &byte, 1))
		_exit(0); /* the recorder has tidied up itself */
	kill(-target, SIGKILL);
	if (group >= 0)
		kill_group(group, folder);
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
