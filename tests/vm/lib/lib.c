// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "lib.h"

#define MAX_LOAD 16

int run(const char *format, ...)
{
	char command[4096];
	va_list args;
	int status;

	va_start(args, format);
	vsnprintf(command, sizeof(command), format, args);
	va_end(args);
	status = system(command);
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

const char *oncpu(void)
{
	const char *path = getenv("ONCPU");

	return path ? path : "oncpu";
}

const char *this_program(void)
{
	static char path[512];

	if (readlink("/proc/self/exe", path, sizeof(path) - 1) < 0)
		return "/proc/self/exe";
	return path;
}

int module_load(void)
{
	const char *path = getenv("ONCPU_MODULE");
	char standard[256];
	struct utsname u;
	int fd, err = 0;

	if (!path) {
		uname(&u);
		snprintf(standard, sizeof(standard), "/lib/modules/%s/extra/oncpu.ko", u.release);
		path = standard;
	}
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	if (syscall(SYS_finit_module, fd, "", 0) && errno != EEXIST)
		err = -errno;
	close(fd);
	return err;
}

int module_unload(void)
{
	return syscall(SYS_delete_module, "oncpu", O_NONBLOCK) ? -errno : 0;
}

struct trace *record_work(const char *source, const char *work, const char *stdout_path)
{
	char path[] = "/tmp/oncpu-test-XXXXXX", why[256] = "";
	struct trace *t = NULL;
	int fd = mkstemp(path), status;

	if (fd < 0)
		return NULL;
	close(fd);
	status = run("%s record -o %s --source %s --user root -- %s --work %s >%s", oncpu(), path,
		     source, this_program(), work, stdout_path ? stdout_path : "/dev/null");
	if (status)
		fprintf(stderr, "# oncpu record ... --work %s: exit status %d\n", work, status);
	else if (trace_read(&t, path, why, sizeof(why)))
		fprintf(stderr, "# %s: %s\n", path, why);
	unlink(path);
	return t;
}

static int by_time(const void *a, const void *b)
{
	const struct event *x = a, *y = b;

	if (x->r->time_ns != y->r->time_ns)
		return x->r->time_ns < y->r->time_ns ? -1 : 1;
	if (x->cpu != y->cpu)
		return x->cpu < y->cpu ? -1 : 1;
	return x->r < y->r ? -1 : x->r > y->r;
}

struct event *events_of(const struct trace *t, enum trace_source source, size_t *n)
{
	struct event *events;
	size_t i, k, total = 0;

	for (i = 0; i < t->nr_streams; i++)
		total += t->streams[i].source == source ? t->streams[i].n : 0;
	events = calloc(total + 1, sizeof(*events));
	*n = 0;
	for (i = 0; i < t->nr_streams; i++)
		for (k = 0; k < t->streams[i].n && t->streams[i].source == source; k++)
			events[(*n)++] =
				(struct event){ &t->streams[i].records[k], t->streams[i].cpu };
	qsort(events, *n, sizeof(*events), by_time);
	return events;
}

size_t marked_of(const struct event *e, size_t n, unsigned int type,
		 const struct oncpu_record **out)
{
	uint32_t tid = tid_named(e, n, "mark-begin");
	size_t i, found = 0;
	bool inside = false;

	for (i = 0; tid && i < n; i++) {
		if (e[i].r->tid != tid)
			continue;
		if (e[i].r->type == ONCPU_COMM)
			inside = !strcmp(e[i].r->comm, "mark-begin");
		if (!inside || e[i].r->type != type)
			continue;
		if (out)
			out[found] = e[i].r;
		found++;
	}
	return found;
}

bool is_about(const struct oncpu_record *r, uint32_t tid)
{
	if (r->tid == tid)
		return true;
	switch (r->type) {
	case ONCPU_SWITCH:
	case ONCPU_WAKING:
	case ONCPU_WAKEUP_NEW:
	case ONCPU_MIGRATE:
	case ONCPU_FORK:
	case ONCPU_SIGNAL:
	case ONCPU_PI_SETPRIO:
		return r->wake.tid == tid; /* in all of them it comes first */
	}
	return false;
}

uint64_t lost_of(const struct trace *t, enum trace_source source)
{
	uint64_t lost = t->missed[source];
	size_t i;

	for (i = 0; i < t->nr_streams; i++)
		lost += t->streams[i].source == source ? t->streams[i].lost : 0;
	return lost;
}

const struct trace_stream *stream_of(const struct trace *t, enum trace_source source,
				     unsigned int cpu)
{
	size_t i;

	for (i = 0; i < t->nr_streams; i++)
		if (t->streams[i].source == source && t->streams[i].cpu == cpu)
			return &t->streams[i];
	return NULL;
}

uint32_t tid_named(const struct event *e, size_t n, const char *comm)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (e[i].r->type == ONCPU_COMM && !strncmp(e[i].r->comm, comm, ONCPU_COMM_LEN))
			return e[i].r->tid;
	return 0;
}

bool is_voluntary(const struct oncpu_record *r)
{
	return r->type == ONCPU_SWITCH && !(r->flags & ONCPU_SWITCH_PREEMPTED) &&
	       r->sched_switch.prev_state != 0;
}

/* nr_rounds < 0: for ever, or until the other side is gone */
void ping_pong(int nr_rounds)
{
	int to[2], back[2];
	char byte = 0;
	pid_t child;

	if (pipe(to) || pipe(back))
		exit(1);
	child = fork();
	if (child == 0) {
		close(to[1]);
		close(back[0]);
		while (read(to[0], &byte, 1) == 1 && write(back[1], &byte, 1) == 1)
			;
		_exit(0);
	}
	close(to[0]);
	close(back[1]);
	while (nr_rounds-- && write(to[1], &byte, 1) == 1 && read(back[0], &byte, 1) == 1)
		;
	close(to[1]);
	close(back[0]);
	waitpid(child, NULL, 0);
}

static pid_t load[MAX_LOAD];
static int nr_load;

void load_start(int nr_pairs)
{
	while (nr_load < nr_pairs && nr_load < MAX_LOAD) {
		load[nr_load] = fork();
		if (load[nr_load] == 0) {
			ping_pong(-1);
			_exit(0);
		}
		nr_load++;
	}
}

/* The other side of each pair ends at the end of its pipe. */
void load_stop(void)
{
	while (nr_load > 0) {
		kill(load[--nr_load], SIGKILL);
		waitpid(load[nr_load], NULL, 0);
	}
}

/*
 * /proc/.../syscall says "running" of a thread that has not left its CPU yet, while its state says 'S' as
 * soon as it is about to: who wakes it then may come before its sleep.
 */
static bool is_asleep(const char *path, long syscall_nr)
{
	FILE *f = fopen(path, "re");
	long nr = -1;

	if (!f)
		return true; /* or gone */
	if (fscanf(f, "%ld", &nr) != 1)
		nr = -1;
	fclose(f);
	return nr >= 0 && (syscall_nr < 0 || nr == syscall_nr);
}

void wait_asleep_in(pid_t tgid, pid_t tid, long syscall_nr)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/task/%d/syscall", tgid, tid);
	while (!is_asleep(path, syscall_nr))
		usleep(1000);
}

void wait_asleep(pid_t tgid, pid_t tid)
{
	wait_asleep_in(tgid, tid, -1);
}

static bool is_pending(pid_t pid, int sig)
{
	unsigned long long pending = 0;
	char path[64], line[256];
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%d/status", pid);
	f = fopen(path, "re");
	while (f && fgets(line, sizeof(line), f))
		sscanf(line, "ShdPnd: %llx", &pending);
	if (f)
		fclose(f);
	return pending >> (sig - 1) & 1;
}

void send_signal(pid_t pid, int sig)
{
	kill(pid, sig);
	while (is_pending(pid, sig))
		usleep(1000);
}

bool eventually(const char *format, ...)
{
	char command[4096];
	va_list args;
	time_t end = time(NULL) + PATIENCE_S;

	va_start(args, format);
	vsnprintf(command, sizeof(command), format, args);
	va_end(args);
	while (run("%s", command)) {
		if (time(NULL) > end)
			return false;
		usleep(20000);
	}
	return true;
}

long status_number(FILE *status, const char *name)
{
	const size_t length = strlen(name);
	char line[256];
	long n = -1;

	rewind(status);
	fflush(status);
	while (fgets(line, sizeof(line), status))
		if (!strncmp(line, name, length) && line[length] == ':')
			n = strtol(line + length + 1, NULL, 10);
	return n;
}

void pin(int cpu)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	if (sched_setaffinity(0, sizeof(set), &set))
		exit(1);
}

void wait_for(const char *path)
{
	int tries;

	for (tries = 0; tries < 10000 && access(path, F_OK); tries++)
		usleep(10000);
}

int status_of(pid_t pid)
{
	int status;

	waitpid(pid, &status, 0);
	return WIFSIGNALED(status) ? 1000 + WTERMSIG(status) : WEXITSTATUS(status);
}

int is_on_ext(const char *pid)
{
	char path[64], line[128];
	int value = -1;
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%s/sched", pid);
	f = fopen(path, "r");
	while (f && value < 0 && fgets(line, sizeof(line), f))
		if (!strncmp(line, "ext.enabled", 11))
			value = atoi(strchr(line, ':') + 1);
	if (f)
		fclose(f);
	return value;
}
