// SPDX-License-Identifier: GPL-2.0
/* A run is made: the recorder is started on the program, watched, and ended where need be. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/clock.h"
#include "lib/heard.h"
#include "record/source.h"
#include "grade/quiet.h"
#include "grade/run.h"
#include "grade/starved.h"
#include "grade/tool.h"

#define MOST_WORDS	 32
#define LOOK_MS		 100
#define RECORDER_SECONDS 60    /* for all of it: that is long even where a machine stands still */
#define PATIENCE_MS	 10000 /* for a recorder that was asked to end */

struct run_place run_place;
const struct tool *run_tool;

struct recorder {
	pid_t pid;
	int out, err; /* read ends; -1: at their ends */
	FILE *kept_out, *kept_err;
	size_t nr_out, nr_err;
};

static uint64_t now_ms(void)
{
	return now_ns() / 1000000;
}

static void fence(int resource, uint64_t most)
{
	const struct rlimit limit = { most, most };

	setrlimit(resource, &limit);
}

static const char *program_of(const struct run *r)
{
	return r->program ? r->program : run_place.program;
}

static void path_of_tool(char *path, size_t size)
{
	const char *end = strrchr(run_place.program, '/');

	snprintf(path, size, "%.*s/%s", end ? (int)(end - run_place.program) : 1,
		 end ? run_place.program : ".", run_tool->file);
}

static void exec_recorder(const struct run *r, const char *trace)
{
	const char *source = access(ONCPU_DEVICE, R_OK) ? "bpf" : "module";
	const char *words[MOST_WORDS + 1] = { "oncpu", "record", "--source", source, "-o", trace };
	char tool[4096];
	char arguments[sizeof(r->arguments)], *rest, *word;
	int n = 6, i;

	if (run_tool && run_tool->recorder) {
		path_of_tool(tool, sizeof(tool));
		words[1] = run_tool->recorder;
		words[2] = tool;
		words[3] = run_tool->option;
	}
	if (run_tool && run_tool->begin)
		run_tool->begin();
	for (i = 0; i < RUN_OPTIONS && r->options[i]; i++)
		words[n++] = r->options[i];
	words[n++] = "--";
	words[n++] = program_of(r);
	snprintf(arguments, sizeof(arguments), "%s", r->arguments);
	for (word = strtok_r(arguments, " ", &rest); word && n < MOST_WORDS;
	     word = strtok_r(NULL, " ", &rest))
		words[n++] = word;
	setpriority(PRIO_PROCESS, 0, 0); /* the learner's program is not to have ours */
	run_leave_folder();
	fence(RLIMIT_DATA, RUN_DATA_BYTES);
	fence(RLIMIT_CORE, 0);
	execv(run_place.oncpu, (char *const *)words);
	_exit(127);
}

static int start(struct recorder *c, const struct run *r, const char *trace)
{
	int out[2], err[2];

	if (pipe2(out, O_CLOEXEC))
		return -errno;
	if (pipe2(err, O_CLOEXEC)) {
		close(out[0]);
		close(out[1]);
		return -errno;
	}
	c->pid = fork();
	if (c->pid == 0) {
		dup2(out[1], STDOUT_FILENO);
		dup2(err[1], STDERR_FILENO);
		dup2(open("/dev/null", O_RDONLY | O_CLOEXEC), STDIN_FILENO);
		exec_recorder(r, trace);
	}
	close(out[1]);
	close(err[1]);
	c->out = out[0];
	c->err = err[0];
	return c->pid < 0 ? -errno : 0;
}

/* One that prints without end is not to stop for it, and not to fill a disk. */
static void keep(int *fd, FILE *to, size_t *nr)
{
	char text[65536];
	ssize_t n = read(*fd, text, sizeof(text));
	size_t room = RUN_OUTPUT - *nr;

	if (n <= 0) {
		close(*fd);
		*fd = -1;
		return;
	}
	*nr += fwrite(text, 1, (size_t)n < room ? (size_t)n : room, to);
}

static void listen_to(struct recorder *c)
{
	struct pollfd p[2] = { { .fd = c->out, .events = POLLIN },
			       { .fd = c->err, .events = POLLIN } };

	if (poll(p, 2, LOOK_MS) <= 0)
		return;
	if (p[0].revents)
		keep(&c->out, c->kept_out, &c->nr_out);
	if (p[1].revents)
		keep(&c->err, c->kept_err, &c->nr_err);
}

/* SIGTERM: it ends what it records and closes the file. */
static enum run_end watch(struct recorder *c, const char *program)
{
	uint64_t started = now_ms(), looked = 0, ended = 0, now;
	struct quiet q = { .program = program, .since_ms = started };
	enum run_end end = RUN_EXITED;

	while (c->out >= 0 || c->err >= 0) {
		listen_to(c);
		stay_heard();
		now = now_ms();
		if (ended && now - ended > PATIENCE_MS)
			kill(c->pid, SIGKILL);
		if (ended || now - looked < LOOK_MS)
			continue;
		looked = now;
		if (quiet_for(&q, c->pid, now) >= RUN_QUIET_MS)
			end = RUN_QUIET;
		else if (q.nr_tasks > QUIET_MOST_TASKS)
			end = RUN_CROWD;
		else if (q.nr_tasks && now - q.seen_ms >= RUN_SECONDS * 1000)
			end = RUN_ENDLESS;
		else if (now - started >= RECORDER_SECONDS * 1000)
			end = RUN_UNRECORDED;
		if (end != RUN_EXITED) {
			kill(c->pid, SIGTERM);
			ended = now;
		}
	}
	return end;
}

/* Of all CPUs since boot, in ticks: what the machine's host took, and all. */
static void stolen_ticks(unsigned long long *stolen, unsigned long long *all)
{
	unsigned long long v[8] = {};
	FILE *f = fopen("/proc/stat", "re");
	int i;

	if (f && fscanf(f, "cpu %llu %llu %llu %llu %llu %llu %llu %llu", &v[0], &v[1], &v[2],
			&v[3], &v[4], &v[5], &v[6], &v[7]) != 8)
		memset(v, 0, sizeof(v));
	if (f)
		fclose(f);
	*stolen = v[7];
	for (*all = 0, i = 0; i < 8; i++)
		*all += v[i];
}

static FILE *create(const struct run *r, const char *suffix)
{
	char path[4096];

	snprintf(path, sizeof(path), "%s/%s.%s", run_place.out, r->name, suffix);
	return fopen(path, "we");
}

static int write_end(const struct run *r)
{
	FILE *f = create(r, "end");

	if (!f)
		return -errno;
	fprintf(f, "%d %.4f %.2f\n", (int)r->end, r->stolen, r->starved);
	return fclose(f) ? -errno : 0;
}

static void load_tool(const struct run *r)
{
	char path[4096];

	path_of_tool(path, sizeof(path));
	run_tool->load(r, path);
}

static int unload_tool(const struct run *r)
{
	FILE *f = create(r, "told");

	if (!f)
		return -errno;
	run_tool->unload(f);
	return fclose(f) ? -errno : 0;
}

int run_record(struct run *r, char *why, size_t why_size)
{
	struct recorder c = {
		.out = -1, .err = -1, .kept_out = create(r, "out"), .kept_err = create(r, "err")
	};
	unsigned long long stolen[2], all[2];
	char trace[4096];
	double after;
	int err = -ENOSPC, status;

	if (run_tool)
		load_tool(r);
	r->starved = starved();
	stolen_ticks(&stolen[0], &all[0]);
	snprintf(trace, sizeof(trace), "%s/%s.oncpu", run_place.out, r->name);
	if (c.kept_out && c.kept_err)
		err = start(&c, r, trace);
	if (!err) {
		r->end = watch(&c, program_of(r));
		waitpid(c.pid, &status, 0);
	}
	if (c.kept_out && fclose(c.kept_out))
		err = -errno;
	if (c.kept_err && fclose(c.kept_err))
		err = -errno;
	stolen_ticks(&stolen[1], &all[1]);
	r->stolen = (double)(stolen[1] - stolen[0]) / (double)(all[1] - all[0] + 1);
	if (run_tool && unload_tool(r))
		err = -EIO;
	after = starved();
	r->starved = after > r->starved ? after : r->starved;
	if (!err)
		err = write_end(r);
	if (err)
		snprintf(why, why_size, "%s: %s", run_place.out, strerror(-err));
	return err;
}
