// SPDX-License-Identifier: GPL-2.0
/*
 * Each policy of bpf/sched/ is held against what it promises, by what the recorder saw of known jobs on
 * one CPU; and oncpu sched: whom it schedules, what it refuses, what it says when the kernel throws a
 * policy out. Times mean little in a busy machine: what is checked are orders, counts, and shares among
 * jobs that ran at the same time. Where the host stops the guest, that is time on a CPU of whoever was on
 * one, and may be all that his job was to have: what holds of a policy is to be seen in one of three runs.
 */
#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "kselftest_harness.h"
#include "lib/lib.h"
#include "model/model.h"

#define DIR	   "/tmp/policies"
#define TRACE	   DIR "/t.oncpu"
#define OUT	   DIR "/out"
#define STATE	   "/sys/kernel/sched_ext/state"

#define SCHED_EXT_ 7
#define MAX_JOBS   8
#define GATHER_MS  200 /* from when all jobs are there until the first one starts */
#define TRIES	   3

static uint64_t clock_ns(clockid_t id)
{
	struct timespec ts;

	clock_gettime(id, &ts);
	return (uint64_t)ts.tv_sec * 1000000000u + (uint64_t)ts.tv_nsec;
}

static void sleep_until(uint64_t ns)
{
	const struct timespec ts = { .tv_sec = (time_t)(ns / 1000000000u),
				     .tv_nsec = (long)(ns % 1000000000u) };

	clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &ts, NULL);
}

static struct {
	int nr_there;
	uint64_t start_ns; /* 0: not all are there */
} *gate;

static uint64_t wait_for_all(void)
{
	uint64_t start_ns = 0;

	__atomic_fetch_add(&gate->nr_there, 1, __ATOMIC_SEQ_CST);
	while (!start_ns) {
		usleep(1000);
		start_ns = __atomic_load_n(&gate->start_ns, __ATOMIC_SEQ_CST);
	}
	return start_ns;
}

/*
 * "300@50:5": 300 ms of CPU, 50 ms after the others, with nice 5. "s300" sleeps 2 ms after each
 * millisecond. Called a-300ms, b-...
 */
static void job(int i, const char *text)
{
	const bool sleeps = *text == 's';
	uint64_t start_ns;
	char name[16], *at;
	uint64_t ms = strtoull(text + sleeps, &at, 10), begin, done;

	snprintf(name, sizeof(name), "%c-%dms", 'a' + i, (int)ms);
	prctl(PR_SET_NAME, name);
	start_ns = wait_for_all();
	if (*at == '@')
		start_ns += strtoull(at + 1, &at, 10) * 1000000;
	if (*at == ':')
		setpriority(PRIO_PROCESS, 0, atoi(at + 1));
	sleep_until(start_ns);
	begin = clock_ns(CLOCK_PROCESS_CPUTIME_ID);
	for (done = 0; done < ms; done = (clock_ns(CLOCK_PROCESS_CPUTIME_ID) - begin) / 1000000)
		if (sleeps && done < (clock_ns(CLOCK_PROCESS_CPUTIME_ID) - begin) / 1000000)
			usleep(2000);
	_exit(0);
}

/* Tells on stdout when they started. */
static int work_jobs(int n, char **texts)
{
	uint64_t start_ns;
	int i;

	gate = mmap(NULL, sizeof(*gate), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (gate == MAP_FAILED)
		return 1;
	for (i = 0; i < n; i++)
		if (!fork())
			job(i, texts[i]);
	while (__atomic_load_n(&gate->nr_there, __ATOMIC_SEQ_CST) < n)
		usleep(1000);
	start_ns = clock_ns(CLOCK_MONOTONIC) + GATHER_MS * 1000000ull;
	__atomic_store_n(&gate->start_ns, start_ns, __ATOMIC_SEQ_CST);
	while (wait(NULL) > 0)
		;
	printf("start %llu\n", (unsigned long long)start_ns);
	return fflush(stdout);
}

/* Prints who is scheduled by the policy: the target, its child, oncpu, init. */
static int work_whose(void)
{
	char oncpu_pid[16];
	int status;

	snprintf(oncpu_pid, sizeof(oncpu_pid), "%d", getppid());
	if (!fork())
		_exit(is_on_ext("self"));
	wait(&status);
	printf("target %d child %d oncpu %d init %d\n", is_on_ext("self"), WEXITSTATUS(status),
	       is_on_ext(oncpu_pid), is_on_ext("1"));
	return 0;
}

struct run {
	struct trace *trace;
	struct model *m;
	const struct thread *jobs[MAX_JOBS];
	int nr_jobs;
	uint64_t start_ns; /* of the first */
};

static int sched(const char *options, const char *command)
{
	return run("%s sched %s -- %s >" OUT " 2>&1", oncpu(), options, command);
}

static void show(void)
{
	run("sed 's/^/# /' " OUT);
}

static bool says(const char *text)
{
	return run("grep -qF -e '%s' " OUT, text) == 0;
}

static bool is_off(void)
{
	return run("grep -qx disabled " STATE) == 0;
}

static void close_run(struct run *r)
{
	model_free(r->m);
	trace_free(r->trace);
	*r = (struct run){};
}

static uint64_t told_start(void)
{
	unsigned long long ns = 0;
	char line[512];
	FILE *f = fopen(OUT, "re");

	while (f && !ns && fgets(line, sizeof(line), f))
		sscanf(line, "start %llu", &ns);
	if (f)
		fclose(f);
	return ns;
}

/* Jobs on one CPU under a policy, and what became of them. */
static int run_jobs(struct run *r, const char *policy, const char *jobs)
{
	char command[600], options[300], why[256], name[4];
	size_t i;
	int status;

	snprintf(command, sizeof(command), "%s --work jobs %s", this_program(), jobs);
	snprintf(options, sizeof(options), "%s --cpus 1 -o " TRACE, policy);
	status = sched(options, command);
	if (status || trace_read(&r->trace, TRACE, why, sizeof(why)) ||
	    model_build(&r->m, r->trace, 0)) {
		show();
		return status ? status : -1;
	}
	r->start_ns = told_start();
	for (; r->nr_jobs < MAX_JOBS; r->nr_jobs++) {
		snprintf(name, sizeof(name), "%c-", 'a' + r->nr_jobs);
		for (i = 0; i < r->m->nr_threads; i++)
			if (!strncmp(r->m->threads[i].comm, name, 2))
				r->jobs[r->nr_jobs] = &r->m->threads[i];
		if (!r->jobs[r->nr_jobs])
			break;
	}
	return 0;
}

static uint64_t end_of(const struct run *r, int i)
{
	return r->jobs[i]->end_ns;
}

/* From the start of all on. */
static const struct interval *first_run(const struct run *r, int k)
{
	const struct thread *t = r->jobs[k];
	const struct interval *i;

	for (i = t->intervals; i < t->intervals + t->nr_intervals; i++)
		if (i->state == STATE_RUNNING && i->start_ns >= r->start_ns)
			return i;
	return t->intervals;
}

/* How long it ran until then. */
static uint64_t ran_until(const struct thread *t, uint64_t time_ns)
{
	const struct interval *i;
	uint64_t sum = 0;

	for (i = t->intervals; i < t->intervals + t->nr_intervals && i->start_ns < time_ns; i++)
		if (i->state == STATE_RUNNING)
			sum += (i->end_ns < time_ns ? i->end_ns : time_ns) - i->start_ns;
	return sum;
}

/* Of what jobs i and k ran while both were there: the part of i, in percent. */
static int share(const struct run *r, int i, int k)
{
	uint64_t from = first_run(r, i)->start_ns, to, a, b;

	if (first_run(r, k)->start_ns > from)
		from = first_run(r, k)->start_ns;
	to = end_of(r, i) < end_of(r, k) ? end_of(r, i) : end_of(r, k);
	a = ran_until(r->jobs[i], to) - ran_until(r->jobs[i], from);
	b = ran_until(r->jobs[k], to) - ran_until(r->jobs[k], from);
	printf("# %llu ms and %llu ms of the same time\n", (unsigned long long)a / 1000000,
	       (unsigned long long)b / 1000000);
	return (int)(100 * a / (a + b + 1));
}

/* Decisions about job i whose text has this in it. */
static size_t decided(const struct run *r, int i, const char *text)
{
	const struct thread *t = r->jobs[i];
	char words[MODEL_DECISION];
	size_t n = 0, k;

	for (k = 0; k < t->nr_decisions; k++) {
		model_decision_words(r->m, &t->decisions[k], words, sizeof(words));
		n += strstr(words, text) != NULL;
	}
	return n;
}

FIXTURE(policies)
{
	struct run r;
};

FIXTURE_SETUP(policies)
{
	memset(&self->r, 0, sizeof(self->r));
	run("rm -rf " DIR "; mkdir -p " DIR);
	ASSERT_EQ(0, module_load());
	if (run("grep -qw scx_bpf_now /proc/kallsyms"))
		SKIP(return, "this kernel's sched_ext, if it has one, takes no scheduler of ours");
}

FIXTURE_TEARDOWN(policies)
{
	close_run(&self->r);
	run("rm -rf " DIR);
}

/* What is to hold in a run; told where it does not. */
#define HOLDS(what)                                   \
	do {                                          \
		if (!(what)) {                        \
			printf("# not: %s\n", #what); \
			return false;                 \
		}                                     \
	} while (0)

static bool in_some_run(struct run *r, bool (*holds)(struct run *))
{
	bool good = false;
	int i;

	for (i = 0; i < TRIES && !good; i++) {
		close_run(r);
		good = holds(r);
	}
	return good;
}

/* Whoever comes first has ended before the next one begins, though that is short. */
static bool first_comes_first(struct run *r)
{
	HOLDS(!run_jobs(r, "fifo", "200 60@20 60@40") && r->nr_jobs == 3);
	HOLDS(end_of(r, 0) <= first_run(r, 1)->start_ns);
	HOLDS(end_of(r, 1) <= first_run(r, 2)->start_ns);
	HOLDS(decided(r, 1, "fifo put it into its queue for as long as it likes: it goes behind") >
	      0);
	return true;
}

TEST_F(policies, fifo)
{
	EXPECT_TRUE(in_some_run(&self->r, first_comes_first));
}

/* All have run before one has run twice its slice; a short one ends before a long one that came first. */
static bool all_have_turns(struct run *r)
{
	int i;

	HOLDS(!run_jobs(r, "rr --slice_us=4000", "200 40@5 200@5") && r->nr_jobs == 3);
	HOLDS(end_of(r, 1) < end_of(r, 0));
	HOLDS(end_of(r, 1) < end_of(r, 2));
	for (i = 0; i < 3; i++)
		HOLDS(decided(r, i, "for 4.0 ms: it has had its turn") >= 3);
	HOLDS(share(r, 0, 2) > 35 && share(r, 0, 2) < 65);
	return true;
}

TEST_F(policies, rr)
{
	EXPECT_TRUE(in_some_run(&self->r, all_have_turns));
}

/* 100 tickets and 33: three quarters, within four standard deviations of some 100 draws. */
static bool tickets_win(struct run *r)
{
	HOLDS(!run_jobs(r, "lottery --slice_us=2000", "300 300:5") && r->nr_jobs == 2);
	HOLDS(share(r, 0, 1) >= 58 && share(r, 0, 1) <= 92);
	HOLDS(decided(r, 1, "lottery chose it") > 3);
	HOLDS(decided(r, 1, "it waits with 33 tickets") > 3);
	return true;
}

TEST_F(policies, lottery)
{
	EXPECT_TRUE(in_some_run(&self->r, tickets_win));
}

/* The nicer one gets nothing until the other has ended; with ageing it does. */
static bool nicer_gets_nothing(struct run *r)
{
	uint64_t before;

	HOLDS(!run_jobs(r, "priority", "200@20 200:5") && r->nr_jobs == 2);
	before = ran_until(r->jobs[1], first_run(r, 0)->start_ns + 2000000);
	HOLDS(ran_until(r->jobs[1], end_of(r, 0) - 1000000) - before < 10000000);
	HOLDS(end_of(r, 0) < end_of(r, 1));
	return true;
}

TEST_F(policies, priority)
{
	EXPECT_TRUE(in_some_run(&self->r, nicer_gets_nothing));
}

static bool nicer_ages(struct run *r)
{
	HOLDS(!run_jobs(r, "priority --ageing_ms=4", "300 300:5") && r->nr_jobs == 2);
	HOLDS(share(r, 1, 0) > 10);
	HOLDS(decided(r, 1, "and ages") > 3);
	return true;
}

TEST_F(policies, priority_ages)
{
	EXPECT_TRUE(in_some_run(&self->r, nicer_ages));
}

/* In the order of their lengths, whatever the order they came in. */
static bool shortest_comes_first(struct run *r)
{
	HOLDS(!run_jobs(r, "sjf", "60 250@20 150@30 90@40") && r->nr_jobs == 4);
	HOLDS(end_of(r, 0) < end_of(r, 3));
	HOLDS(end_of(r, 3) < end_of(r, 2));
	HOLDS(end_of(r, 2) < end_of(r, 1));
	HOLDS(end_of(r, 3) <= first_run(r, 2)->start_ns);
	return true;
}

TEST_F(policies, sjf)
{
	EXPECT_TRUE(in_some_run(&self->r, shortest_comes_first));
}

/* A shorter one that comes later takes the CPU, or waits for it. */
static bool shorter_waits(struct run *r)
{
	HOLDS(!run_jobs(r, "sjf", "400 50@100") && r->nr_jobs == 2);
	HOLDS(end_of(r, 0) < end_of(r, 1));
	return true;
}

static bool shorter_takes_it(struct run *r)
{
	HOLDS(!run_jobs(r, "sjf --preempt=1", "400 50@100") && r->nr_jobs == 2);
	HOLDS(end_of(r, 1) < end_of(r, 0));
	return true;
}

TEST_F(policies, sjf_preempts)
{
	EXPECT_TRUE(in_some_run(&self->r, shorter_waits));
	EXPECT_TRUE(in_some_run(&self->r, shorter_takes_it));
}

/* 100 to 33 by weight: not by chance, so within narrower bounds than the lottery. */
static bool shares_go_by_weight(struct run *r)
{
	HOLDS(!run_jobs(r, "fair", "300 300:5") && r->nr_jobs == 2);
	HOLDS(share(r, 0, 1) >= 68 && share(r, 0, 1) <= 82);
	return true;
}

static bool equals_share(struct run *r)
{
	HOLDS(!run_jobs(r, "fair", "200 200") && r->nr_jobs == 2);
	HOLDS(share(r, 0, 1) >= 43 && share(r, 0, 1) <= 57);
	return true;
}

TEST_F(policies, fair)
{
	EXPECT_TRUE(in_some_run(&self->r, shares_go_by_weight));
	EXPECT_TRUE(in_some_run(&self->r, equals_share));
}

/* A hog sinks to the bottom; one who sleeps before his slice is over stays on top, and waits less. */
static bool hog_sinks(struct run *r)
{
	HOLDS(!run_jobs(r, "mlfq --slice_us=6000 --boost_ms=100000", "400 s30") && r->nr_jobs == 2);
	HOLDS(decided(r, 0, "it used up its slice") > 0);
	HOLDS(decided(r, 0, "into queue 2") > 0);
	HOLDS(decided(r, 1, "it slept before its slice was over") > 1);
	HOLDS(end_of(r, 1) < end_of(r, 0));
	return true;
}

static bool all_begin_anew(struct run *r)
{
	HOLDS(!run_jobs(r, "mlfq --slice_us=4000 --boost_ms=50", "200 200") && r->nr_jobs == 2);
	HOLDS(decided(r, 0, "all begin anew") + decided(r, 1, "all begin anew") > 0);
	return true;
}

TEST_F(policies, mlfq)
{
	EXPECT_TRUE(in_some_run(&self->r, hog_sinks));
	EXPECT_TRUE(in_some_run(&self->r, all_begin_anew));
}

/* Of three hogs two have the CPU between them, and the third gets it when both have ended. */
static bool one_starves(struct run *r)
{
	int i, last = 0, first = 0;

	HOLDS(!run_jobs(r, "bad", "150 150 150") && r->nr_jobs == 3);
	HOLDS(decided(r, 0, "the last to come is the first to go") > 0);
	for (i = 0; i < 3; i++) {
		last = end_of(r, i) > end_of(r, last) ? i : last;
		first = end_of(r, i) < end_of(r, first) ? i : first;
	}
	printf("# the last had run %llu ms when the first ended\n",
	       (unsigned long long)ran_until(r->jobs[last], end_of(r, first)) / 1000000);
	HOLDS(ran_until(r->jobs[last], end_of(r, first)) <
	      ran_until(r->jobs[first], end_of(r, first)) / 2);
	return true;
}

TEST_F(policies, bad)
{
	EXPECT_TRUE(in_some_run(&self->r, one_starves));
}

/* It forgets a task, is thrown out, and that is told as a lesson; the command comes to its end. */
TEST_F(policies, thrown_out)
{
	char command[600];

	snprintf(command, sizeof(command), "%s --work jobs 50 50 50 50", this_program());
	EXPECT_EQ(1, sched("bad --forget=4 --patience_ms=1000 -o " TRACE, command));
	show();
	EXPECT_TRUE(says("the kernel threw bad out: "));
	EXPECT_TRUE(says("could run, and bad gave it no CPU for"));
	EXPECT_TRUE(says("The first duty of a scheduler"));
	EXPECT_TRUE(says("1 s (--patience_ms)"));
	EXPECT_TRUE(says("they have been scheduled fairly"));
	EXPECT_FALSE(says("scx_"));
	EXPECT_TRUE(is_off());
	EXPECT_EQ(0, run("%s dump --json " TRACE " | grep -q '\"queue\":65534'", oncpu()));
	EXPECT_EQ(0, run("%s dump --json " TRACE " | grep -q '\"exit_code\":0'", oncpu()));
}

TEST_F(policies, strangers_are_left_alone)
{
	char command[600];

	snprintf(command, sizeof(command), "%s --work whose", this_program());
	EXPECT_EQ(0, sched("rr -o " TRACE, command));
	show();
	EXPECT_TRUE(says("target 1 child 1 oncpu 0 init 0"));
	EXPECT_EQ(0, sched("rr --all -o " TRACE, command));
	show();
	EXPECT_TRUE(says("target 1 child 1 oncpu 0 init 1"));
	EXPECT_TRUE(is_off());
}

TEST_F(policies, all_without_a_command)
{
	EXPECT_EQ(0, run("%s sched fair --all --seconds 1 -o " TRACE " >" OUT " 2>&1", oncpu()));
	show();
	EXPECT_TRUE(is_off());
	EXPECT_EQ(0, run("%s dump --json " TRACE " | grep -q DECISION", oncpu()));
}

/* An object that lies anywhere is taken as one that is installed. */
TEST_F(policies, one_of_your_own)
{
	run("cp /opt/oncpu/sched/rr.bpf.o " DIR "/mine.bpf.o");
	EXPECT_EQ(0, sched(DIR "/mine.bpf.o --slice_us=1000 -o " TRACE, "true"));
	EXPECT_TRUE(says("mine: "));
	EXPECT_EQ(2, sched(DIR "/none.bpf.o -o " TRACE, "true"));
	EXPECT_TRUE(says("there is no such file"));
	run("echo nothing >" DIR "/text.bpf.o");
	EXPECT_EQ(2, sched(DIR "/text.bpf.o -o " TRACE, "true"));
	EXPECT_TRUE(says("cannot be opened as a policy"));
}

TEST_F(policies, options)
{
	EXPECT_EQ(0, run("%s sched >" OUT, oncpu()));
	EXPECT_TRUE(says("--slice_us=5000"));
	EXPECT_FALSE(says("storm"));
	EXPECT_EQ(0, run("%s sched mlfq --help >" OUT, oncpu()));
	EXPECT_TRUE(says("--boost_ms"));
	EXPECT_EQ(2, sched("nosuch", "true"));
	EXPECT_TRUE(says("there is no policy"));
	EXPECT_EQ(2, sched("rr --slice_us=50", "true"));
	EXPECT_TRUE(says("slice_us is a number from 100 to 1000000"));
	EXPECT_EQ(2, sched("rr --slice_us=fast", "true"));
	EXPECT_EQ(2, sched("rr --slice_us=-1", "true"));
	EXPECT_EQ(2, sched("rr --nosuch=1", "true"));
	EXPECT_EQ(2, sched("rr --cpus 99", "true"));
	EXPECT_TRUE(says("--cpus is how many CPUs"));
	EXPECT_EQ(2, sched("rr --cpus 0-x", "true"));
	EXPECT_EQ(0, sched("rr --cpus 1, -o " TRACE, "true"));
	EXPECT_EQ(2, run("%s sched rr 2>" OUT, oncpu()));
	EXPECT_TRUE(says("which command?"));
	EXPECT_EQ(2, run("%s sched --all rr 2>" OUT, oncpu()));
	EXPECT_EQ(7, sched("rr -o " TRACE, "sh -c \"exit 7\""));
	EXPECT_EQ(127, sched("rr -o " TRACE, "/nowhere/program"));
}

/* A kernel that has it, seen without it. */
TEST(skips_without_the_kernels_help)
{
	int status;

	run("mkdir -p " DIR);
	if (!fork()) {
		if (unshare(CLONE_NEWNS) || mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) ||
		    mount("none", "/sys/kernel", "tmpfs", 0, NULL))
			_exit(99);
		_exit(run("%s sched rr -- true 2>" OUT, oncpu()));
	}
	wait(&status);
	EXPECT_EQ(4, WEXITSTATUS(status));
	EXPECT_TRUE(says("sched_ext"));
}

int main(int argc, char **argv)
{
	if (argc == 3 && !strcmp(argv[1], "--work") && !strcmp(argv[2], "whose"))
		return work_whose();
	if (argc > 3 && !strcmp(argv[1], "--work"))
		return work_jobs(argc - 3, argv + 3);
	return test_harness_run(argc, argv);
}
