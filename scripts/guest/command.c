// SPDX-License-Identifier: GPL-2.0
/*
 * One command in the guest: its terminal or pipes, its user, and a control group that holds it and
 * all its descendants, so that nothing it started can outlive a kill, however it tried to hide.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/sched.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include "channel.h"

#define GROUP_MAX_TASKS "2000" /* a fork bomb ends here, long before the guest does */

struct user {
	uid_t uid;
	gid_t gid;
	char home[128];
};

/* What the request's strings point to. */
struct request {
	const char *user, *folder;
	char **args, **environment; /* NULL-ended */
};

static int split_strings(struct request *r, const char *strings, size_t size, size_t nr_args)
{
	const char *end = strings + size, *s;
	size_t n = 0, i = 0;
	char **list;

	if (!size || end[-1])
		return -EINVAL;
	for (s = strings; s < end; s += strlen(s) + 1)
		n++;
	if (!nr_args || nr_args > n - 2 || n < 3)
		return -EINVAL;
	list = calloc(n + 2, sizeof(*list)); /* one NULL after the arguments, one at the end */
	if (!list)
		return -ENOMEM;
	for (s = strings; s < end; s += strlen(s) + 1) {
		list[i++] = (char *)s;
		if (i == nr_args + 2)
			i++;
	}
	r->user = list[0];
	r->folder = list[1];
	r->args = list + 2;
	r->environment = list + 2 + nr_args + 1;
	return 0;
}

/* /etc/passwd by hand: this program is static, and the C library's own look-up wants plug-ins. */
static int find_user(const char *name, struct user *u)
{
	char line[512], login[64];
	FILE *f = fopen("/etc/passwd", "re");
	int err = -ENOENT;

	if (!f)
		return -errno;
	while (err && fgets(line, sizeof(line), f))
		if (sscanf(line, "%63[^:]:%*[^:]:%u:%u:%*[^:]:%127[^:]", login, &u->uid, &u->gid,
			   u->home) == 4 &&
		    !strcmp(login, name))
			err = 0;
	fclose(f);
	return err;
}

static int group_write(const struct command *c, const char *file, const char *text)
{
	int fd = openat(c->group, file, O_WRONLY | O_CLOEXEC), err = 0;

	if (fd < 0)
		return -errno;
	if (write(fd, text, strlen(text)) < 0)
		err = -errno;
	close(fd);
	return err;
}

static int group_create(struct command *c)
{
	static unsigned int serial;

	snprintf(c->group_path, sizeof(c->group_path), "/sys/fs/cgroup/command-%d-%u", getpid(),
		 serial++);
	if (mkdir(c->group_path, 0755))
		return -errno;
	c->group = open(c->group_path, O_DIRECTORY | O_CLOEXEC);
	if (c->group < 0)
		return -errno;
	group_write(c, "pids.max", GROUP_MAX_TASKS);
	return 0;
}

static int open_terminal(const struct exec_request *q, int *master, int *slave)
{
	struct winsize size = { .ws_row = q->rows, .ws_col = q->columns };

	*master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
	if (*master < 0 || grantpt(*master) || unlockpt(*master))
		return -errno;
	*slave = ioctl(*master, TIOCGPTPEER, O_RDWR | O_NOCTTY | O_CLOEXEC);
	if (*slave < 0)
		return -errno;
	ioctl(*master, TIOCSWINSZ, &size);
	return 0;
}

/* Ours in c->in, out, err; the command's in child[0..2]. */
static int open_streams(struct command *c, const struct exec_request *q, int child[3])
{
	int in[2], out[2], err[2], master = -1, slave = -1, e;

	if (q->flags & EXEC_TTY) {
		e = open_terminal(q, &master, &slave);
		if (e)
			return e;
		c->in = master;
		c->out = fcntl(master, F_DUPFD_CLOEXEC, 0);
		child[0] = child[1] = child[2] = slave;
	} else {
		if (pipe2(in, O_CLOEXEC) || pipe2(out, O_CLOEXEC))
			return -errno;
		c->in = in[1];
		c->out = out[0];
		child[0] = in[0];
		child[1] = out[1];
	}
	if (!(q->flags & EXEC_TTY_STDERR) || !(q->flags & EXEC_TTY)) {
		if (pipe2(err, O_CLOEXEC))
			return -errno;
		c->err = err[0];
		child[2] = err[1];
	}
	fcntl(c->in, F_SETFL, O_NONBLOCK | O_RDWR);
	return 0;
}

static void close_child_ends(const int child[3])
{
	close(child[0]);
	if (child[1] != child[0])
		close(child[1]);
	if (child[2] != child[0] && child[2] != child[1])
		close(child[2]);
}

static int become(const struct user *u, const char *name)
{
	struct rlimit no_core = { 0, 0 };

	setrlimit(RLIMIT_CORE, &no_core);
	if (!u->uid)
		return 0;
	setenv("USER", name, 1);
	if (setgroups(0, NULL) || setgid(u->gid) || setuid(u->uid))
		return -errno;
	return 0;
}

/* What the agent needs for itself (agent.c, be_responsive) is not for its commands. */
static void forget_agent(void)
{
	int fd = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);
	struct sched_param normal = { 0 };
	sigset_t none;

	if (fd >= 0 && write(fd, "0", 1) == 1)
		close(fd);
	sched_setscheduler(0, SCHED_OTHER, &normal);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
}

/* In the child: never returns; what went wrong goes to report as an errno. */
static void __attribute__((noreturn)) run(const struct exec_request *q, const struct request *r,
					  const struct user *u, const int child[3], int report)
{
	char *const *e;
	int err = 0, i;

	setsid();
	forget_agent();
	for (i = 1; i < NSIG; i++)
		signal(i, SIG_DFL);
	if (q->flags & EXEC_TTY)
		ioctl(child[0], TIOCSCTTY, 0);
	for (i = 0; i < 3; i++)
		dup2(child[i], i);
	clearenv();
	setenv("PATH",
	       "/opt/oncpu/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", 1);
	setenv("CPATH", "/opt/oncpu/include", 1); /* gcc finds <oncpu/mark.h> */
	setenv("HOME", u->home, 1);
	for (e = r->environment; *e; e++)
		putenv(*e);
	err = become(u, r->user);
	if (!err && chdir(r->folder[0] ? r->folder : u->home))
		err = -errno;
	if (!err) {
		execvp(r->args[0], r->args);
		err = -errno;
	}
	if (write(report, &err, sizeof(err)) < 0)
		_exit(126);
	_exit(127);
}

/* Born in its group: to move there later would wait for an RCU grace period, tens of milliseconds. */
static pid_t fork_into_group(const struct command *c)
{
	struct clone_args args = { .flags = CLONE_INTO_CGROUP,
				   .exit_signal = SIGCHLD,
				   .cgroup = (uint64_t)c->group };

	return (pid_t)syscall(SYS_clone3, &args, sizeof(args));
}

static int fork_command(struct command *c, const struct exec_request *q, const struct request *r,
			const struct user *u, const int child[3])
{
	int report[2], err = 0;

	if (pipe2(report, O_CLOEXEC))
		return -errno;
	c->pid = fork_into_group(c);
	if (c->pid == 0)
		run(q, r, u, child, report[1]);
	close(report[1]);
	if (c->pid < 0)
		err = -errno;
	else if (read(report[0], &err, sizeof(err)) != sizeof(err))
		err = 0; /* closed by a successful exec */
	close(report[0]);
	if (c->pid > 0 && err)
		waitpid(c->pid, NULL, 0);
	else if (c->pid > 0)
		c->pidfd = (int)syscall(SYS_pidfd_open, c->pid, 0);
	return err;
}

int command_start(struct command *c, const struct exec_request *q, const char *strings, size_t size,
		  char *why, size_t why_size)
{
	struct request r = { 0 };
	struct user u = { 0 };
	int child[3] = { -1, -1, -1 }, err;

	*c = (struct command){ .pidfd = -1,
			       .in = -1,
			       .out = -1,
			       .err = -1,
			       .group = -1,
			       .time_limit_s = q->time_limit_s };
	err = split_strings(&r, strings, size, q->nr_args);
	if (err)
		return snprintf(why, why_size, "a malformed request"), err;
	err = find_user(r.user, &u);
	if (err)
		snprintf(why, why_size, "user %s", r.user);
	if (!err) {
		err = group_create(c);
		if (!err)
			err = open_streams(c, q, child);
		snprintf(why, why_size, "%s", err ? "control group or streams" : r.args[0]);
	}
	if (!err) {
		err = fork_command(c, q, &r, &u, child);
		close_child_ends(child);
		if (err && access(r.folder[0] ? r.folder : "/", X_OK))
			snprintf(why, why_size, "folder %s", r.folder);
	}
	free(r.args ? r.args - 2 : NULL);
	return err;
}

void command_signal(struct command *c, int number)
{
	if (c->pidfd >= 0 && number > 0 && number < NSIG)
		kill(-c->pid, number);
}

void command_resize(struct command *c, unsigned int rows, unsigned int columns)
{
	struct winsize size = { .ws_row = (unsigned short)rows, .ws_col = (unsigned short)columns };

	if (c->in >= 0)
		ioctl(c->in, TIOCSWINSZ, &size);
}

void command_kill(struct command *c)
{
	if (c->group >= 0)
		group_write(c, "cgroup.kill", "1");
}

void command_close(struct command *c)
{
	int *fds[] = { &c->in, &c->out, &c->err, &c->pidfd, &c->group };
	size_t i;

	for (i = 0; i < sizeof(fds) / sizeof(*fds); i++) {
		if (*fds[i] >= 0)
			close(*fds[i]);
		*fds[i] = -1;
	}
	rmdir(c->group_path); /* stays while something that the command left behind still runs */
}
