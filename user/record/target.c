// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/identity.h"
#include "record/cgroup.h"
#include "record/target.h"
#include "record/tasks.h"

#define ORPHANS_AT_ONCE 64
#define KILL_TRIES	1000 /* an emulated machine may take a while to bury hundreds */
#define KILL_PAUSE_US	5000

static void reset_signals(void)
{
	sigset_t none;
	int sig;

	for (sig = 1; sig < NSIG; sig++)
		signal(sig, SIG_DFL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
}

/* The child's side. It allocates nothing and only leaves by exec or _exit. */
static void run_child(int go, int exec_err, char *const *argv, const struct identity *id)
{
	char byte;
	int err;

	setpgid(0, 0);
	if (read(go, &byte, 1) != 1)
		_exit(127); /* the recorder died or gave up */
	reset_signals();
	err = -identity_become(id);
	if (!err) {
		prctl(PR_SET_PDEATHSIG, SIGKILL); /* after setuid(), which clears it */
		execvp(argv[0], argv);
		err = errno;
	}
	if (write(exec_err, &err, sizeof(err)) != sizeof(err))
		_exit(126);
	_exit(127);
}

static int pipe_pair(int go[2], int exec_err[2])
{
	if (pipe2(go, O_CLOEXEC))
		return -errno;
	if (!pipe2(exec_err, O_CLOEXEC))
		return 0;
	close(go[0]);
	close(go[1]);
	return -errno;
}

/* Where it cannot be had, what the target leaves behind is found as our children. */
static void join_group(struct target *t)
{
	if (cgroup_make(&t->group) || !cgroup_add(t->group, t->pid))
		return;
	cgroup_remove(t->group);
	t->group = -1;
}

int target_fork(struct target *t, char *const *argv, const char *user, char *why, size_t why_size)
{
	struct identity id = {};
	int go[2], exec_err[2];
	int err;

	*t = (struct target)TARGET_NONE;
	err = identity_choose(&id, user, why, why_size);
	if (err)
		return err;
	err = pipe_pair(go, exec_err);
	if (err)
		goto failed;
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	t->pid = fork();
	if (t->pid == 0) {
		close(go[1]); /* else it would wait for itself */
		run_child(go[0], exec_err[1], argv, &id);
	}
	err = t->pid < 0 ? -errno : 0;
	close(go[0]);
	close(exec_err[1]);
	t->go = go[1];
	t->exec_err = exec_err[0];
	if (!err) {
		setpgid(t->pid, t->pid); /* here, too: whoever comes first */
		join_group(t);
		return 0;
	}
	t->pid = 0;
failed:
	snprintf(why, why_size, "cannot fork: %s", strerror(-err));
	return err;
}

static void give_terminal(struct target *t)
{
	signal(SIGTTOU, SIG_IGN); /* we are in its background from now on */
	if (tcgetpgrp(STDIN_FILENO) == getpgrp() && !tcsetpgrp(STDIN_FILENO, t->pid))
		t->terminal = STDIN_FILENO;
}

int target_release(struct target *t)
{
	int err = 0;
	ssize_t n;

	give_terminal(t);
	do
		n = write(t->go, "", 1);
	while (n < 0 && errno == EINTR);
	do
		n = read(t->exec_err, &err, sizeof(err));
	while (n < 0 && errno == EINTR);
	return n == sizeof(err) ? -err : 0;
}

/* A stopped target would hang the terminal that only it may read: a recording goes on. */
static void go_on(struct target *t)
{
	if (t->terminal >= 0)
		kill(-t->pid, SIGCONT);
}

/* Orphans of the target's: we are their reaper. A few at a time, as a fork bomb never runs out. */
static void reap_orphans(const struct target *t)
{
	siginfo_t info;
	int i;

	for (i = 0; i < ORPHANS_AT_ONCE; i++) {
		info.si_pid = 0;
		if (waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) || info.si_pid == 0 ||
		    info.si_pid == t->pid)
			return;
		waitpid(info.si_pid, NULL, WNOHANG);
	}
}

int target_ended(struct target *t, struct target_end *end)
{
	siginfo_t info = { 0 };

	if (!waitid(P_PID, (id_t)t->pid, &info, WEXITED | WSTOPPED | WNOHANG | WNOWAIT) &&
	    info.si_pid == t->pid) {
		if (info.si_code != CLD_STOPPED) {
			end->code = info.si_code == CLD_EXITED ? info.si_status : -1;
			end->signal = info.si_code == CLD_EXITED ? 0 : info.si_status;
			return 1;
		}
		waitpid(t->pid, NULL, WNOHANG | WUNTRACED);
		go_on(t);
	}
	reap_orphans(t);
	return 0;
}

void target_signal(const struct target *t, int sig)
{
	kill(-t->pid, sig);
}

/* All at once, and then one by one to their graves: as orphans they are ours. */
void target_kill_left(struct target *t)
{
	size_t nr_left = cgroup_count(t->group);
	int tries;

	if (!nr_left || cgroup_kill(t->group))
		return;
	t->nr_left += nr_left;
	for (tries = 0; tries < KILL_TRIES && cgroup_count(t->group); tries++) {
		reap_orphans(t);
		usleep(KILL_PAUSE_US);
	}
}

size_t target_bury(struct target *t)
{
	size_t nr_left = 0;

	if (t->terminal >= 0)
		tcsetpgrp(t->terminal, getpgrp());
	if (t->go >= 0)
		close(t->go); /* one that was never released ends by this */
	if (t->exec_err >= 0)
		close(t->exec_err);
	if (t->pid > 0) {
		target_kill_left(t);
		nr_left = t->nr_left + tasks_kill_children(t->pid);
		kill(-t->pid, SIGKILL);
		waitpid(t->pid, NULL, 0);
	}
	cgroup_remove(t->group);
	*t = (struct target)TARGET_NONE;
	return nr_left;
}
