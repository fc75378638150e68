// SPDX-License-Identifier: GPL-2.0
#include "explore/server.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

/* Handing the turn from CPU to CPU costs ten times what it costs on one. */
static void pin(void)
{
	cpu_set_t one;
	int cpu = sched_getcpu();

	if (cpu < 0)
		return;
	CPU_ZERO(&one);
	CPU_SET(cpu, &one);
	sched_setaffinity(0, sizeof(one), &one);
}

static void become_program(const struct server *s, const int *fds, const char *program,
			   char *const *argv)
{
	char value[64];

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	personality(ADDR_NO_RANDOMIZE); /* may be forbidden: then only the addresses differ */
	pin();
	setpgid(0, 0);
	if (s->output >= 0) {
		dup2(s->output, STDOUT_FILENO);
		dup2(s->output, STDERR_FILENO);
	}
	snprintf(value, sizeof(value), "%d,%d,%d", fds[0], fds[1], fds[2]);
	setenv(EXPLORE_ENV, value, 1);
	execv(program, argv);
	_exit(127);
}

static int make_shared(struct server *s, int *fd)
{
	*fd = memfd_create("oncpu-explore", 0);
	if (*fd < 0 || ftruncate(*fd, sizeof(*s->shm)))
		return -errno;
	s->shm = mmap(NULL, sizeof(*s->shm), PROT_READ | PROT_WRITE, MAP_SHARED, *fd, 0);
	if (s->shm == MAP_FAILED) {
		s->shm = NULL;
		return -errno;
	}
	s->shm->stamp = EXPLORE_STAMP;
	s->shm->size = sizeof(*s->shm);
	return 0;
}

int server_exec(struct server *s, char *const *command)
{
	const struct shared *asked = s->shm;
	char value[64];
	int fd, err;

	err = make_shared(s, &fd);
	if (err)
		return err;
	memcpy(s->shm, asked, sizeof(*asked));
	snprintf(value, sizeof(value), "%d,0,0", fd);
	setenv(EXPLORE_ENV, value, 1);
	execvp(command[0], command);
	return -errno;
}

static int make_output(struct server *s)
{
	s->output = memfd_create("oncpu-output", MFD_CLOEXEC);
	if (s->output < 0)
		return -errno;
	return fcntl(s->output, F_SETFL, O_APPEND) ? -errno : 0;
}

int server_start(struct server *s, const char *program, char *const *argv, bool catch_output,
		 char *why, size_t size)
{
	int fds[3] = { -1, -1, -1 }, down[2] = { -1, -1 }, up[2] = { -1, -1 }, err;

	*s = (struct server){ .request = -1, .answer = -1, .output = -1 };
	err = make_shared(s, &fds[0]);
	if (!err && catch_output)
		err = make_output(s);
	if (!err && (socketpair(AF_UNIX, SOCK_STREAM, 0, down) || pipe(up)))
		err = -errno;
	if (err)
		goto out;
	fds[1] = down[0];
	fds[2] = up[1];
	s->request = down[1];
	s->answer = up[0];
	fcntl(s->request, F_SETFD, FD_CLOEXEC);
	fcntl(s->answer, F_SETFD, FD_CLOEXEC);
	s->pid = fork();
	if (!s->pid)
		become_program(s, fds, program, argv);
	if (s->pid < 0)
		err = -errno;
out:
	if (err)
		snprintf(why, size, "%s could not be started: %s", program, strerror(-err));
	close(fds[0]);
	close(down[0]);
	close(up[1]);
	return err;
}

static int wait_for_answer(struct server *s, double seconds)
{
	struct pollfd p = { .fd = s->answer, .events = POLLIN };
	int n;

	do
		n = poll(&p, 1, (int)(seconds * 1000));
	while (n < 0 && errno == EINTR);
	return n;
}

/* How the server itself ended, when it no longer answers. */
static int gone(struct server *s)
{
	int status;

	if (s->pid > 0 && waitpid(s->pid, &status, 0) == s->pid) {
		s->pid = 0;
		if (WIFEXITED(status) && WEXITSTATUS(status) == 127)
			return -ENOENT;
		return -ENOEXEC;
	}
	return -EPIPE;
}

int server_run(struct server *s, double seconds, int *status)
{
	char go = 1;
	int late = 0;

	s->shm->child = 0;
	if (s->output >= 0 && ftruncate(s->output, 0))
		return -errno;
	if (send(s->request, &go, 1, MSG_NOSIGNAL) != 1)
		return gone(s);
	if (!wait_for_answer(s, seconds)) {
		late = 1;
		if (!s->shm->child)
			return -ETIMEDOUT; /* not even the server answers: it is no explored program */
		kill(s->shm->child, SIGKILL);
	}
	if (read(s->answer, status, sizeof(*status)) != sizeof(*status))
		return gone(s);
	return late;
}

void server_stop(struct server *s)
{
	if (s->request >= 0)
		close(s->request);
	if (s->answer >= 0)
		close(s->answer);
	if (s->output >= 0)
		close(s->output);
	if (s->pid > 0) {
		kill(s->pid, SIGKILL);
		waitpid(s->pid, NULL, 0);
	}
	if (s->shm)
		munmap(s->shm, sizeof(*s->shm));
}
