// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "grade/judge.h"
#include "lib/folder.h"

#define JUDGE_PATIENCE_S 60 /* then it is not tried again, whatever it was */

static void exec_check(const struct judge_options *o)
{
	char oncpu[4096], path[4096], *arguments[6];
	ssize_t n = readlink("/proc/self/exe", oncpu, sizeof(oncpu) - 1);
	int fd;

	oncpu[n < 0 ? 0 : n] = '\0';
	snprintf(path, sizeof(path), "%s/check.ktap", o->out);
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	arguments[0] = (char *)o->check;
	if (fd < 0 || asprintf(&arguments[1], "--program=%s", o->program) < 0 ||
	    asprintf(&arguments[2], "--explored=%s", o->explored) < 0 ||
	    asprintf(&arguments[3], "--out=%s", o->out) < 0 ||
	    asprintf(&arguments[4], "--oncpu=%s", oncpu) < 0)
		_exit(127);
	arguments[5] = NULL;
	dup2(fd, STDOUT_FILENO);
	dup2(fd, STDERR_FILENO);
	execv(o->check, arguments);
	_exit(127);
}

/* Its exit status; 128 + the signal that killed it; -errno. */
static int run_check(const struct judge_options *o)
{
	int status;
	pid_t pid = fork();

	if (pid == 0)
		exec_check(o);
	if (pid < 0)
		return -errno;
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return -errno;
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

static int judge_once(const struct judge_options *o, struct verdict *v)
{
	char path[4096];
	int status, err = folder_empty(o->out);

	if (err)
		return err;
	status = run_check(o);
	if (status < 0)
		return status;
	snprintf(path, sizeof(path), "%s/verdict.json", o->out);
	if (!access(path, F_OK))
		return verdict_read(v, path);
	*v = (struct verdict){ .kind = status ? VERDICT_INCONCLUSIVE : VERDICT_PASS,
			       .in = CLASS_PERT };
	if (status)
		snprintf(v->saw, sizeof(v->saw),
			 "The check itself ended with status %d and no verdict: see %s/check.ktap. "
			 "Has this "
			 "machine too much else to do?",
			 status, o->out);
	return 0;
}

int judge(const struct judge_options *o, struct verdict *v, char *why, size_t why_size)
{
	char path[4096];
	int tries, failures = 0, err = 0;
	time_t began = time(NULL);

	for (tries = 1; tries <= JUDGE_TRIES; tries++) {
		err = judge_once(o, v);
		if (err || v->kind == VERDICT_PASS)
			break;
		if (v->kind == VERDICT_FAIL &&
		    (v->certain || !check_class_is_timing(v->in) || ++failures == 2))
			break;
		if (time(NULL) - began > JUDGE_PATIENCE_S)
			break;
	}
	snprintf(path, sizeof(path), "%s/verdict.json", o->out);
	if (!err)
		err = verdict_write(v, path);
	if (err)
		snprintf(why, why_size, "%s: %s", o->out, strerror(-err));
	return err;
}
