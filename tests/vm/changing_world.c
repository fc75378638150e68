// SPDX-License-Identifier: GPL-2.0
/*
 * What changes while a recording runs: threads by the thousand, exec from a thread that is not the
 * first, sessions, names, the wall clock, CPUs that go and come, a suspend. The workload says on its stdout
 * what it did; both recorders and the model must say the same.
 */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "kselftest_harness.h"
#include "lib/clock.h"
#include "lib/lib.h"
#include "model/model.h"

#define RESULT	     "/tmp/changing_world.out"
#define CPU1	     "/sys/devices/system/cpu/cpu1/online"
#define FREEZER_ROOT "/tmp/freezer"
#define FREEZER	     FREEZER_ROOT "/some"
#define THREADS	     1000
#define AT_ONCE	     50

/* For so much time on a CPU, however long that takes. */
static void spin(unsigned int ms)
{
	uint64_t end = clock_ns(CLOCK_THREAD_CPUTIME_ID) + ms * 1000000ull;

	while (clock_ns(CLOCK_THREAD_CPUTIME_ID) < end)
		;
}

static pid_t tid(void)
{
	return (pid_t)syscall(SYS_gettid);
}

static void *live_and_die(void *arg)
{
	(void)arg;
	return NULL;
}

static int work_threads(void)
{
	pthread_t threads[AT_ONCE];
	unsigned int i, k;

	for (i = 0; i < THREADS / AT_ONCE; i++) {
		for (k = 0; k < AT_ONCE; k++)
			if (pthread_create(&threads[k], NULL, live_and_die, NULL))
				return 1;
		for (k = 0; k < AT_ONCE; k++)
			pthread_join(threads[k], NULL);
	}
	printf("%d\n", getpid());
	return 0;
}

static void *exec_from_here(void *arg)
{
	(void)arg;
	printf("%d %d\n", getpid(), tid());
	fflush(stdout);
	execl(this_program(), "second", "--work", "second", (char *)NULL);
	exit(1);
}

static int work_exec(void)
{
	pthread_t thread;

	if (pthread_create(&thread, NULL, exec_from_here, NULL))
		return 1;
	for (;;)
		pause();
}

/* Says from when to when: it looks at the clock while it has a CPU, whatever else becomes of it. */
static void spin_and_tell(unsigned int ms)
{
	uint64_t from, to;

	spin(1); /* all that it needs is in memory */
	from = now_ns();
	spin(ms);
	to = now_ns();
	printf("%llu %llu\n", (unsigned long long)from, (unsigned long long)to);
	fflush(stdout);
}

static int work_second(void)
{
	prctl(PR_SET_NAME, "after-exec");
	spin_and_tell(20);
	return 0;
}

/* Tells its parent's parent who it is, is let go when it sleeps, and holds end open until it ends. */
static void be_far(int begin, int end)
{
	pid_t self = getpid();
	char byte;

	prctl(PR_SET_NAME, "far-child");
	if (write(end, &self, sizeof(self)) != sizeof(self) || read(begin, &byte, 1) != 1)
		_exit(1);
	printf("%d ", self);
	spin_and_tell(20);
	_exit(0);
}

static int work_setsid(void)
{
	int begin[2], end[2];
	pid_t child, far;
	char byte;

	if (pipe(begin) || pipe(end))
		return 1;
	child = fork();
	if (child == 0) {
		setsid();
		if (fork() == 0)
			be_far(begin[0], end[1]);
		_exit(0); /* the grandchild is an orphan, in another session and group */
	}
	close(end[1]);
	waitpid(child, NULL, 0);
	if (read(end[0], &far, sizeof(far)) != sizeof(far))
		return 1;
	wait_asleep_in(far, far, SYS_read);
	if (write(begin[1], "", 1) != 1)
		return 1;
	return read(end[0], &byte, 1) ? 1 : 0;
}

static int write_name(const char *path, const char *name)
{
	int fd = open(path, O_WRONLY), n = -1;

	if (fd >= 0) {
		n = (int)write(fd, name, strlen(name));
		close(fd);
	}
	return n > 0 ? 0 : 1;
}

static void *name_other(void *arg)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/self/task/%d/comm", *(pid_t *)arg);
	return write_name(path, "by-another") ? arg : NULL;
}

static int work_names(void)
{
	pid_t self = tid();
	pthread_t thread;
	void *bad = NULL;

	prctl(PR_SET_NAME, "by-prctl");
	if (write_name("/proc/self/comm", "by-file"))
		return 1;
	if (pthread_create(&thread, NULL, name_other, &self))
		return 1;
	pthread_join(thread, &bad);
	prctl(PR_SET_NAME, "longer than fifteen");
	printf("%d\n", self);
	return bad != NULL;
}

static int work_clock(void)
{
	struct timespec ts;

	prctl(PR_SET_NAME, "before-step");
	clock_gettime(CLOCK_REALTIME, &ts);
	ts.tv_sec += 86400;
	if (clock_settime(CLOCK_REALTIME, &ts))
		return 1;
	usleep(20000);
	ts.tv_sec -= 2 * 86400;
	if (clock_settime(CLOCK_REALTIME, &ts))
		return 1;
	usleep(20000);
	prctl(PR_SET_NAME, "after-step");
	ts.tv_sec += 86400;
	return clock_settime(CLOCK_REALTIME, &ts) ? 1 : 0;
}

static int online(const char *value)
{
	return write_name(CPU1, value);
}

static int work_hotplug(void)
{
	uint64_t off, on;

	pin(1);
	spin(30);
	if (online("0")) /* the kernel moves us, and drops the pin */
		return 1;
	off = now_ns();
	spin(100);
	on = now_ns();
	if (online("1"))
		return 1;
	pin(1);
	spin(30);
	printf("%d %llu %llu\n", getpid(), (unsigned long long)off, (unsigned long long)on);
	return 0;
}

/* The text of a control file, as far as it goes. */
static bool says(const char *path, const char *word)
{
	FILE *f = fopen(path, "re");
	char text[32] = "";
	bool said = f && fgets(text, sizeof(text), f) && !strncmp(text, word, strlen(word));

	if (f)
		fclose(f);
	return said;
}

static int freeze_and_thaw(pid_t pid)
{
	uint64_t from, to;
	char number[16];

	snprintf(number, sizeof(number), "%d", pid);
	if (write_name(FREEZER "/cgroup.procs", number))
		return 1;
	usleep(30000);
	if (write_name(FREEZER "/freezer.state", "FROZEN"))
		return 1;
	while (!says(FREEZER "/freezer.state", "FROZEN"))
		usleep(1000);
	from = now_ns();
	usleep(200000);
	to = now_ns();
	printf("%d %llu %llu\n", pid, (unsigned long long)from, (unsigned long long)to);
	return write_name(FREEZER "/freezer.state", "THAWED");
}

/*
 * What a suspend does to tasks, by the same part of the kernel. (This guest cannot suspend: nothing wakes
 * it from s2idle, and out of S3 it comes by a new boot.)
 */
static int work_freeze(void)
{
	pid_t child;
	int err;

	if ((mkdir(FREEZER_ROOT, 0755) && errno != EEXIST) ||
	    mount("none", FREEZER_ROOT, "cgroup", 0, "freezer") || mkdir(FREEZER, 0755))
		return 1;
	child = fork();
	if (child == 0)
		for (;;)
			spin(1);
	err = freeze_and_thaw(child);
	usleep(30000);
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
	if (rmdir(FREEZER) || umount(FREEZER_ROOT))
		return 1;
	return err;
}

FIXTURE(world)
{
	struct trace *t;
	struct model *m;
	unsigned long long said[4];
};

FIXTURE_VARIANT(world)
{
	const char *name;
	enum trace_source source;
};

FIXTURE_VARIANT_ADD(world, module){ .name = "module", .source = TRACE_MODULE };
FIXTURE_VARIANT_ADD(world, bpf){ .name = "bpf", .source = TRACE_BPF };

FIXTURE_SETUP(world)
{
	self->t = NULL;
	self->m = NULL;
	ASSERT_EQ(0, module_load());
}

FIXTURE_TEARDOWN(world)
{
	model_free(self->m);
	trace_free(self->t);
}

/* Records the work; what it said into said, the model of all into m. */
#define RECORD(work)                                                                   \
	do {                                                                           \
		FILE *out;                                                             \
		self->t = record_work(variant->name, work, RESULT);                    \
		ASSERT_NE(NULL, self->t);                                              \
		EXPECT_TRUE(self->t->complete);                                        \
		EXPECT_EQ(0, lost_of(self->t, variant->source));                       \
		ASSERT_EQ(0, model_build(&self->m, self->t, variant->source));         \
		memset(self->said, 0, sizeof(self->said));                             \
		out = fopen(RESULT, "re");                                             \
		ASSERT_NE(NULL, out);                                                  \
		if (fscanf(out, "%llu %llu %llu %llu", &self->said[0], &self->said[1], \
			   &self->said[2], &self->said[3]) < 0)                        \
			self->said[0] = 0;                                             \
		fclose(out);                                                           \
	} while (0)

/* Whether it ran when it looked at the clock, and had or wanted a CPU all the time between. */
static bool spun(const struct thread *t, uint64_t from, uint64_t to)
{
	const struct interval *i = model_at(t, from), *end = t->intervals + t->nr_intervals;
	bool good = from < to && i && i->state == STATE_RUNNING;

	for (; good && i < end && i->start_ns <= to; i++)
		good = i->state == STATE_RUNNING || i->state == STATE_RUNNABLE;
	return good && i[-1].state == STATE_RUNNING && i[-1].end_ns >= to;
}

TEST_F(world, a_thousand_threads)
{
	unsigned int born = 0, dead = 0;
	const struct thread *t;
	size_t i;

	RECORD("threads");
	for (i = 0; i < self->m->nr_threads; i++) {
		t = &self->m->threads[i];
		if (t->tgid != self->said[0] || t->tid == t->tgid)
			continue;
		born++;
		dead += t->intervals[t->nr_intervals - 1].state == STATE_DEAD;
		EXPECT_TRUE(t->target);
		EXPECT_EQ(0, t->total_ns[STATE_UNKNOWN]);
		EXPECT_LT(0, t->total_ns[STATE_RUNNING]);
	}
	EXPECT_EQ(THREADS, born);
	EXPECT_EQ(THREADS, dead);
}

TEST_F(world, exec_from_another_thread)
{
	const struct thread *first, *other;
	unsigned int execs = 0;
	struct event *e;
	size_t n, i;

	RECORD("exec");
	e = events_of(self->t, variant->source, &n);
	for (i = 0; i < n; i++) {
		if (e[i].r->type != ONCPU_EXEC || e[i].r->exec.old_tid != self->said[1])
			continue;
		execs++;
		EXPECT_EQ(self->said[0], e[i].r->tid);
		EXPECT_EQ(self->said[0], e[i].r->exec.tgid);
	}
	free(e);
	EXPECT_EQ(1, execs);
	first = model_thread(self->m, (uint32_t)self->said[0]);
	other = model_thread(self->m, (uint32_t)self->said[1]);
	ASSERT_NE(NULL, first);
	ASSERT_NE(NULL, other);
	EXPECT_STREQ("after-exec", first->comm);
	EXPECT_TRUE(first->target);
	EXPECT_LT(other->end_ns, self->said[2]);
	EXPECT_TRUE(spun(first, self->said[2], self->said[3]));
	EXPECT_EQ(STATE_DEAD, other->intervals[other->nr_intervals - 1].state);
}

TEST_F(world, another_session)
{
	const struct thread *t;

	RECORD("setsid");
	t = model_thread(self->m, (uint32_t)self->said[0]);
	ASSERT_NE(NULL, t);
	EXPECT_STREQ("far-child", t->comm);
	EXPECT_TRUE(t->target);
	EXPECT_TRUE(spun(t, self->said[1], self->said[2]));
	EXPECT_LT(0, t->total_ns[STATE_SLEEPING]);
}

TEST_F(world, names)
{
	static const char *const names[] = { "by-prctl", "by-file", "by-another",
					     "longer than fif" };
	struct event *e;
	size_t n, i, next = 0;

	RECORD("names");
	e = events_of(self->t, variant->source, &n);
	for (i = 0; i < n; i++)
		if (e[i].r->type == ONCPU_COMM && e[i].r->tid == self->said[0] && next < 4)
			next += !strncmp(e[i].r->comm, names[next], ONCPU_COMM_LEN);
	free(e);
	EXPECT_EQ(4, next);
	EXPECT_STREQ("longer than fif", model_thread(self->m, (uint32_t)self->said[0])->comm);
}

TEST_F(world, a_step_of_the_clock)
{
	uint64_t before = 0, after = 0;
	struct event *e;
	size_t n, i;

	RECORD("clock");
	e = events_of(self->t, variant->source, &n);
	for (i = 0; i < n; i++) {
		if (e[i].r->type != ONCPU_COMM)
			continue;
		if (!strcmp(e[i].r->comm, "before-step"))
			before = e[i].r->time_ns;
		if (!strcmp(e[i].r->comm, "after-step"))
			after = e[i].r->time_ns;
	}
	EXPECT_LE(before + 40000000, after);
	EXPECT_LT(self->m->end_ns - self->m->start_ns, 3600000000000ull); /* it was a day */
	free(e);
}

/* Whether a thread is ever on a CPU in a stretch of time. */
static bool was_on(const struct model *m, unsigned int cpu, uint64_t from, uint64_t to)
{
	const struct cpu_interval *i;

	for (i = m->cpus[cpu].intervals; i < m->cpus[cpu].intervals + m->cpus[cpu].nr_intervals;
	     i++)
		if (i->target && i->start_ns < to && i->end_ns > from)
			return true;
	return false;
}

TEST_F(world, a_cpu_goes_and_comes)
{
	if (access(CPU1, W_OK))
		SKIP(return, "CPU 1 cannot be taken away here");
	RECORD("hotplug");
	EXPECT_FALSE(was_on(self->m, 1, self->said[1], self->said[2]));
	EXPECT_TRUE(was_on(self->m, 0, self->said[1], self->said[2]));
	EXPECT_TRUE(was_on(self->m, 1, self->m->start_ns, self->said[1]));
	EXPECT_TRUE(was_on(self->m, 1, self->said[2], self->m->end_ns));
}

TEST_F(world, a_freeze_as_of_a_suspend)
{
	const struct thread *t;
	const struct interval *i;

	RECORD("freeze");
	ASSERT_NE(0, self->said[0]);
	t = model_thread(self->m, (uint32_t)self->said[0]);
	ASSERT_NE(NULL, t);
	i = model_at(t, self->said[1]);
	ASSERT_NE(NULL, i);
	EXPECT_EQ(STATE_STOPPED, i->state);
	EXPECT_LE(self->said[2], i->end_ns);
	ASSERT_LT(t->intervals, i);
	ASSERT_LT(i + 1, t->intervals + t->nr_intervals);
	EXPECT_EQ(STATE_RUNNING, i[-1].state);
	EXPECT_EQ(STATE_RUNNABLE, i[1].state);
}

static int work(const char *name)
{
	static const struct {
		const char *name;
		int (*run)(void);
	} works[] = { { "threads", work_threads }, { "exec", work_exec },
		      { "second", work_second },   { "setsid", work_setsid },
		      { "names", work_names },	   { "clock", work_clock },
		      { "hotplug", work_hotplug }, { "freeze", work_freeze } };
	size_t i;

	for (i = 0; i < sizeof(works) / sizeof(*works); i++)
		if (!strcmp(works[i].name, name))
			return works[i].run();
	return 2;
}

int main(int argc, char **argv)
{
	if (argc == 3 && !strcmp(argv[1], "--work"))
		return work(argv[2]);
	return test_harness_run(argc, argv);
}
