// SPDX-License-Identifier: GPL-2.0
/*
 * Of whom is recorded: nothing of a stranger is in the file, and all of those that were asked for.
 *
 * A stranger runs beside all the time: it naps under a name of its own, wakes a child by a pipe, and
 * sends itself signals.
 */
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "kselftest_harness.h"
#include "lib/lib.h"

#define NR	   23
#define STRANGER   "stranger"
#define TRACE	   "/tmp/filters.oncpu"
#define ERR	   "/tmp/filters.err"
#define MAX_FAMILY 4096
#define NR_FORKS   400
#define NR_BURSTS  4
#define BURST_NS   200000

static void nap(long ns)
{
	struct timespec pause = { .tv_nsec = ns };

	nanosleep(&pause, NULL);
}

static void nothing(int sig)
{
	(void)sig;
}

static void be_strange(void)
{
	prctl(PR_SET_NAME, STRANGER);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	signal(SIGUSR1, nothing);
	for (;;) {
		nap(1000000);
		kill(getpid(), SIGUSR1);
		if (fork() == 0)
			_exit(0);
		wait(NULL);
	}
}

/* Threads, children and grandchildren: all of them are the target's. */
static void *thread(void *unused)
{
	nap(1000000);
	return unused;
}

static int work_family(void)
{
	pthread_t t;
	int i;

	prctl(PR_SET_NAME, "family");
	for (i = 0; i < NR; i++) {
		if (fork() == 0) {
			if (fork() == 0) {
				nap(1000000);
				_exit(0);
			}
			wait(NULL);
			_exit(0);
		}
		pthread_create(&t, NULL, thread, NULL);
		pthread_join(t, NULL);
		wait(NULL);
	}
	return 0;
}

static void *burst(void *unused)
{
	struct sched_param param = { .sched_priority = 1 };
	int i;

	sched_setscheduler(0, SCHED_FIFO | SCHED_RESET_ON_FORK, &param);
	for (i = 0; i < NR_FORKS; i++) {
		nap(BURST_NS);
		if (fork() == 0)
			_exit(0);
	}
	return unused;
}

/* Forks while real-time threads burst in and fork, too: not one may be missed. */
static int work_storm(void)
{
	pthread_t t;
	int i;

	signal(SIGCHLD, SIG_IGN);
	for (i = 0; i < NR_BURSTS; i++)
		pthread_create(&t, NULL, burst, NULL);
	for (i = 0; i < NR_FORKS; i++)
		if (fork() == 0)
			_exit(0);
	return 0;
}

FIXTURE(filters)
{
	pid_t stranger;
	struct trace *t;
	struct event *e;
	size_t n, first; /* the first that is judged */
	uint32_t family[MAX_FAMILY];
	size_t nr_family;
};

FIXTURE_VARIANT(filters)
{
	const char *name;
	enum trace_source source;
};

FIXTURE_VARIANT_ADD(filters, bpf){ .name = "bpf", .source = TRACE_BPF };
FIXTURE_VARIANT_ADD(filters, module){ .name = "module", .source = TRACE_MODULE };

/* Reads what was recorded; the module of before the filters knows no signals either. */
static int take_trace(FIXTURE_DATA(filters) * self, enum trace_source source)
{
	char why[256] = "";

	if (trace_read(&self->t, TRACE, why, sizeof(why))) {
		printf("# %s\n", why);
		return -1;
	}
	self->e = events_of(self->t, source, &self->n);
	return 0;
}

static bool module_filters(void)
{
	struct trace *t = NULL;
	char why[256];
	bool knows;

	if (module_load() || run("%s record --source module --events signal --user root -o " TRACE
				 " -- true 2>/dev/null",
				 oncpu()))
		return false;
	knows = !trace_read(&t, TRACE, why, sizeof(why)) && !t->missing[TRACE_MODULE];
	trace_free(t);
	unlink(TRACE);
	return knows;
}

FIXTURE_SETUP(filters)
{
	memset(self, 0, sizeof(*self));
	if (variant->source == TRACE_MODULE && !module_filters())
		SKIP(return, "no module for this kernel, or one that does not filter");
	self->stranger = fork();
	if (self->stranger == 0)
		be_strange();
}

FIXTURE_TEARDOWN(filters)
{
	if (self->stranger) {
		kill(self->stranger, SIGKILL);
		waitpid(self->stranger, NULL, 0);
	}
	free(self->e);
	trace_free(self->t);
	unlink(TRACE);
	unlink(ERR);
}

static bool is_in(const FIXTURE_DATA(filters) * self, uint32_t tid)
{
	size_t i;

	for (i = 0; i < self->nr_family; i++)
		if (self->family[i] == tid)
			return true;
	return false;
}

static void add(FIXTURE_DATA(filters) * self, uint32_t tid)
{
	if (self->nr_family < MAX_FAMILY && !is_in(self, tid))
		self->family[self->nr_family++] = tid;
}

/* Who descends from those that are in it already, as the FORKs tell. */
static void grow_family(FIXTURE_DATA(filters) * self)
{
	size_t i;

	for (i = 0; i < self->n; i++)
		if (self->e[i].r->type == ONCPU_FORK && is_in(self, self->e[i].r->tid))
			add(self, self->e[i].r->fork.tid);
}

/*
 * The stranger and its children, of which it has one at a time. Those that came and went while the
 * probes were being attached, one after the other, are in no FORK: so look from the first on.
 */
static void find_strangers(FIXTURE_DATA(filters) * self)
{
	add(self, (uint32_t)self->stranger);
	while (self->first < self->n && (self->e[self->first].r->type != ONCPU_FORK ||
					 !is_in(self, self->e[self->first].r->tid)))
		self->first++;
	grow_family(self);
}

static bool is_about_family(const FIXTURE_DATA(filters) * self, const struct oncpu_record *r)
{
	size_t i;

	for (i = 0; i < self->nr_family; i++)
		if (is_about(r, self->family[i]))
			return true;
	return false;
}

/* Records of strangers alone, of a type or but for it. */
static size_t nr_strange(const FIXTURE_DATA(filters) * self, bool switches)
{
	size_t i, strange = 0;

	for (i = self->first; i < self->n; i++)
		if ((self->e[i].r->type == ONCPU_SWITCH) == switches)
			strange += !is_about_family(self, self->e[i].r);
	return strange;
}

static size_t nr_of(const FIXTURE_DATA(filters) * self, uint32_t tid)
{
	size_t i, n = 0;

	for (i = 0; i < self->n; i++)
		n += is_about(self->e[i].r, tid);
	return n;
}

#define RECORD(wanted, format, ...)                                                               \
	do {                                                                                      \
		EXPECT_EQ(wanted,                                                                 \
			  run("%s record --source %s --user root -o " TRACE " " format " 2>" ERR, \
			      oncpu(), variant->name, ##__VA_ARGS__));                            \
		ASSERT_EQ(0, take_trace(self, variant->source));                                  \
		EXPECT_EQ(0, lost_of(self->t, variant->source));                                  \
	} while (0)

TEST_F(filters, tree_of_the_command)
{
	size_t i, forks = 0;

	RECORD(0, "--events all,-irq,-ipi,-idle -- %s --work family", this_program());
	add(self, self->t->target_tid);
	grow_family(self);
	for (i = 0; i < self->n; i++)
		forks += self->e[i].r->type == ONCPU_FORK;
	EXPECT_EQ(3 * NR, forks);
	EXPECT_EQ(1 + 3 * NR, self->nr_family);
	EXPECT_EQ(0, nr_strange(self, false));
	EXPECT_LT(0, nr_strange(self, true)); /* who ran instead */
	EXPECT_LT(0, nr_of(self, (uint32_t)self->stranger));
}

TEST_F(filters, switches_of_the_target_alone)
{
	RECORD(0, "--switches=target -- %s --work family", this_program());
	add(self, self->t->target_tid);
	grow_family(self);
	EXPECT_LT(10 * NR, self->n);
	EXPECT_EQ(0, nr_strange(self, false));
	EXPECT_EQ(0, nr_strange(self, true));
}

/* The tree grows even where forks are not recorded. */
TEST_F(filters, tree_without_its_forks)
{
	size_t i, children = 0;

	RECORD(0, "--events signal --switches=target -- %s --work family", this_program());
	for (i = 0; i < self->n; i++) {
		EXPECT_TRUE(self->e[i].r->type == ONCPU_SIGNAL ||
			    self->e[i].r->type == ONCPU_SIGNAL_DELIVER);
		children +=
			self->e[i].r->signal.nr == SIGCHLD && self->e[i].r->type == ONCPU_SIGNAL;
	}
	EXPECT_EQ(2 * NR + 1, children); /* the grandchildren's, and the target's own */
	EXPECT_EQ(0, nr_of(self, (uint32_t)self->stranger));
}

TEST_F(filters, whole_system)
{
	RECORD(0, "-a --events +signal -- %s --work family", this_program());
	EXPECT_LT(NR, nr_of(self, (uint32_t)self->stranger));
	EXPECT_LT(NR, nr_of(self, self->t->target_tid));
}

TEST_F(filters, whole_system_for_a_second)
{
	time_t begin = time(NULL);

	RECORD(0, "-a --seconds 1");
	EXPECT_LE(1, time(NULL) - begin);
	EXPECT_EQ(0, self->t->target_tid);
	EXPECT_TRUE(self->t->complete);
	EXPECT_LT(3, nr_of(self, (uint32_t)self->stranger));
	EXPECT_EQ(0, run("%s report " TRACE " >/dev/null", oncpu()));
}

TEST_F(filters, one_process)
{
	pid_t other = fork();

	if (other == 0)
		be_strange();
	RECORD(0, "--pid %d --switches=target --seconds 1", (int)self->stranger);
	find_strangers(self);
	EXPECT_LT(3, nr_of(self, (uint32_t)self->stranger));
	EXPECT_LT(3, self->nr_family); /* its children: on a busy host a dozen in a second */
	EXPECT_EQ(0, nr_strange(self, false));
	EXPECT_EQ(0, nr_strange(self, true));
	kill(other, SIGKILL);
	waitpid(other, NULL, 0);
}

TEST_F(filters, process_that_ends)
{
	pid_t brief = fork();

	if (brief == 0) {
		while (access(TRACE, F_OK)) /* until it is being recorded */
			usleep(10000);
		sleep(2);
		_exit(0);
	}
	RECORD(0, "--pid %d", (int)brief); /* ends by itself, while that is a zombie */
	waitpid(brief, NULL, 0);
	EXPECT_EQ(3, run("%s record --pid %d 2>" ERR, oncpu(), (int)brief));
	EXPECT_EQ(0, run("grep -q 'no process %d' " ERR, (int)brief));
}

TEST_F(filters, name)
{
	RECORD(0, "--comm " STRANGER " --switches=target -- %s --work family", this_program());
	EXPECT_LT(NR, nr_of(self, (uint32_t)self->stranger));
	find_strangers(self);
	EXPECT_EQ(0, nr_strange(self, false));
	EXPECT_EQ(0, nr_strange(self, true));
}

TEST_F(filters, control_group)
{
	const char *root = run("mountpoint -q /sys/fs/cgroup/unified") ? "/sys/fs/cgroup"
								       : "/sys/fs/cgroup/unified";

	ASSERT_EQ(0, run("mkdir -p %s/filters/below && echo %d >%s/filters/below/cgroup.procs",
			 root, (int)self->stranger, root));
	RECORD(0, "--cgroup filters --switches=target -- %s --work family", this_program());
	EXPECT_LT(NR, nr_of(self, (uint32_t)self->stranger));
	find_strangers(self);
	EXPECT_EQ(0, nr_strange(self, false));
	EXPECT_EQ(0, nr_strange(self, true));
	kill(self->stranger, SIGKILL);
	waitpid(self->stranger, NULL, 0);
	self->stranger = 0;
	run("sleep 0.1; rmdir %s/filters/below %s/filters", root, root);
}

TEST_F(filters, cpus)
{
	size_t i;

	if (sysconf(_SC_NPROCESSORS_ONLN) < 2)
		SKIP(return, "one CPU");
	RECORD(0, "-a --cpu 1 -- %s --work family", this_program());
	EXPECT_LT(0, self->n);
	for (i = 0; i < self->n; i++)
		EXPECT_EQ(1, self->e[i].cpu);
}

/* It is called oncpu, and so is its child until the command runs: that one is no recorder. */
static uint32_t recorder_of(const struct trace *t)
{
	size_t i;

	for (i = 0; i < t->nr_tasks; i++)
		if (!strcmp(t->tasks[i].comm, "oncpu") && t->tasks[i].tid != t->target_tid)
			return t->tasks[i].tid;
	return 0;
}

/* System calls: what it or an interrupt above it does to others is theirs, too. */
static size_t nr_by(const FIXTURE_DATA(filters) * self, uint32_t tid)
{
	size_t i, n = 0;

	for (i = 0; i < self->n; i++)
		n += self->e[i].r->tid == tid && self->e[i].r->type == ONCPU_SYSCALL;
	return n;
}

TEST_F(filters, recorder_is_no_subject)
{
	uint32_t recorder;

	RECORD(0, "-a --events sched,task,syscall -- %s --work family", this_program());
	recorder = recorder_of(self->t);
	EXPECT_NE(0, recorder);
	EXPECT_EQ(0, nr_by(self, recorder));
}

TEST_F(filters, recorder_if_asked)
{
	RECORD(0, "-a --self --events sched,task,syscall -- %s --work family", this_program());
	EXPECT_LT(10, nr_by(self, recorder_of(self->t)));
}

TEST_F(filters, no_fork_is_missed)
{
	size_t i, forks = 0;

	RECORD(0, "--buffer 17 --events task --switches=target -- %s --work storm", this_program());
	for (i = 0; i < self->n; i++)
		forks += self->e[i].r->type == ONCPU_FORK &&
			 self->e[i].r->fork.parent_tgid == self->t->target_tid;
	EXPECT_LE(NR_FORKS + NR_BURSTS, forks);
	TH_LOG("%zu forks", forks);
}

static const struct {
	const char *options, *says;
} wrong[] = {
	{ "--events nonsense -- true", "no class of events" },
	{ "--events sched, -- true", "no class of events" },
	{ "--pid 0 -- true", "--pid" },
	{ "--pid 12x -- true", "--pid" },
	{ "--pid -1 -- true", "--pid" },
	{ "--comm '' -- true", "--comm" },
	{ "--comm a-name-that-is-too-long -- true", "--comm" },
	{ "--cpu 99999 -- true", "--cpu" },
	{ "--cpu 1-0 -- true", "--cpu" },
	{ "--cpu '' -- true", "--cpu" },
	{ "--switches=some -- true", "--switches" },
	{ "--seconds 0 -a", "--seconds" },
	{ "--seconds 1 -- true", "without a command" },
	{ "-a --comm true -- true", "whole system" },
	{ "--events sched", "which command" },
};

TEST(wrong_options_are_told)
{
	size_t i;

	for (i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
		EXPECT_EQ(2, run("%s record --source bpf -o " TRACE " %s 2>" ERR, oncpu(),
				 wrong[i].options));
		EXPECT_EQ(0, run("grep -qF -e '%s' " ERR, wrong[i].says))
		{
			TH_LOG("%s", wrong[i].options);
		}
		EXPECT_NE(0, access(TRACE, F_OK));
	}
	EXPECT_EQ(3, run("%s record --source bpf --cgroup /nonsense -- true 2>" ERR, oncpu()));
	EXPECT_EQ(0, run("grep -q 'no control group' " ERR));
	EXPECT_EQ(0, run("%s record --events list | grep -q '^  irq .*softirq_entry'", oncpu()));
}

int main(int argc, char **argv)
{
	if (argc == 3 && !strcmp(argv[1], "--work"))
		return strcmp(argv[2], "storm") ? work_family() : work_storm();
	return test_harness_run(argc, argv);
}
