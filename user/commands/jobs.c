// SPDX-License-Identifier: GPL-2.0
/*
 * oncpu jobs: a workload of jobs whose lengths are known, so that what a scheduler made of them can
 * be held against theory.
 *
 * Each job sleeps until it is due, so it is the timer's interrupt that makes it ready, and not somebody
 * who would want a CPU for that: jobs arrive in time under any scheduler. Those that are due together
 * are woken by one interrupt, in the order in which they were named: one nanosecond lies between them.
 */
#include <argp.h>
#include <errno.h>
#include <pthread.h>
#include <limits.h>
#include <linux/futex.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <oncpu/mark.h>
#include "lib/clock.h"
#include "lib/command.h"
#include "race/job.h"

#define LEAD_NS		50000000ull /* from "go" to the first arrival: all must have gone to sleep */
#define LEAD_EACH_NS	2000000ull
#define STEPS_AT_A_TIME 2000
#define NS_PER_MS	1000000u
#define STALL_NS	2000000u

struct got { /* by one job; times of the clock */
	uint64_t due_ns, began_ns, ended_ns, cpu_ns;
};

struct jobs {
	struct job list[JOBS_MOST];
	size_t n;
	bool threads;
	struct { /* shared with the jobs */
		uint64_t start_ns;
		atomic_uint go, nr_ended; /* futexes */
		struct got got[JOBS_MOST];
	} *shared;
	int ready[2]; /* a pipe: a byte from each job, and its end if one is no more */
};

static struct jobs jobs;

static void sleep_until(uint64_t ns)
{
	const struct timespec ts = { (time_t)(ns / 1000000000), (long)(ns % 1000000000) };

	while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &ts, NULL) == EINTR)
		;
}

/* A few steps take some 0.1 ms of CPU time at most. Where they took much more, the CPU itself stood
 * still: that of an emulated machine does, while its host is busy, and counts it as ours. Returns ns. */
static uint64_t burn(uint64_t ns)
{
	uint64_t last_ns = clock_ns(CLOCK_THREAD_CPUTIME_ID), end_ns = last_ns + ns, now_ns;
	uint64_t stalled_ns = 0;
	volatile unsigned int step;

	while (last_ns < end_ns) {
		for (step = 0; step < STEPS_AT_A_TIME; step++)
			;
		now_ns = clock_ns(CLOCK_THREAD_CPUTIME_ID);
		stalled_ns += now_ns - last_ns > STALL_NS ? now_ns - last_ns : 0;
		last_ns = now_ns;
	}
	return stalled_ns;
}

/* It sleeps between bursts, not after the last. */
static void work(const struct job *j)
{
	uint64_t burst_ns = j->burst_ns ? j->burst_ns : j->length_ns, left_ns = j->length_ns;
	uint64_t stalled_ns = 0;

	for (; left_ns > burst_ns; left_ns -= burst_ns) {
		stalled_ns += burn(burst_ns);
		sleep_until(clock_ns(CLOCK_MONOTONIC) + j->sleep_ns);
	}
	stalled_ns += burn(left_ns);
	if (stalled_ns)
		oncpu_point(JOB_MARK_STALL, stalled_ns / 1000);
}

/* "job1-200ms": so the policy that takes the shortest first is told, too (bpf/sched/sjf.bpf.c). */
static void name_job(const struct job *j, size_t i)
{
	char name[48];

	snprintf(name, sizeof(name), "job%zu-%llums", i + 1,
		 (unsigned long long)(j->length_ns + NS_PER_MS - 1) / NS_PER_MS);
	prctl(PR_SET_NAME, name);
}

static void await(atomic_uint *futex, unsigned int value)
{
	while (atomic_load(futex) == value)
		syscall(SYS_futex, futex, FUTEX_WAIT, value, NULL, NULL, 0);
}

static void wake_all(atomic_uint *futex)
{
	syscall(SYS_futex, futex, FUTEX_WAKE, INT_MAX, NULL, NULL, 0);
}

/* Ready for its turn: told how long, and asleep until it is due. */
static void get_ready(const struct job *j, struct got *got, size_t i)
{
	char byte = 0;

	name_job(j, i);
	prctl(PR_SET_TIMERSLACK, 1);
	if (j->nice)
		setpriority(PRIO_PROCESS, 0, getpriority(PRIO_PROCESS, 0) + j->nice);
	oncpu_point(JOB_MARK_LENGTH, j->length_ns / 1000);
	if (write(jobs.ready[1], &byte, 1) != 1)
		_exit(EXIT_ENVIRON);
	await(&jobs.shared->go, 0);
	got->due_ns = jobs.shared->start_ns + j->arrival_ns + i;
	sleep_until(got->due_ns);
}

/* To be buried takes a CPU for milliseconds, which is none of the jobs' that still run. */
static void await_others(void)
{
	unsigned int nr = atomic_fetch_add(&jobs.shared->nr_ended, 1) + 1;

	if (nr == jobs.n)
		wake_all(&jobs.shared->nr_ended);
	for (; nr != jobs.n; nr = atomic_load(&jobs.shared->nr_ended))
		await(&jobs.shared->nr_ended, nr);
}

static void run_job(size_t i)
{
	struct got *got = &jobs.shared->got[i];
	uint64_t cpu_ns;

	get_ready(&jobs.list[i], got, i);
	oncpu_begin(JOB_MARK);
	got->began_ns = clock_ns(CLOCK_MONOTONIC);
	cpu_ns = clock_ns(CLOCK_THREAD_CPUTIME_ID);
	work(&jobs.list[i]);
	got->cpu_ns = clock_ns(CLOCK_THREAD_CPUTIME_ID) - cpu_ns;
	got->ended_ns = clock_ns(CLOCK_MONOTONIC);
	oncpu_end(JOB_MARK);
	await_others();
}

static void *thread(void *arg)
{
	run_job((size_t)(uintptr_t)arg);
	return NULL;
}

static int start_process(size_t i)
{
	pid_t parent = getpid(), pid = fork();

	if (pid)
		return pid < 0 ? -errno : 0;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(EXIT_ENVIRON);
	close(jobs.ready[0]);
	run_job(i);
	_exit(EXIT_OK);
}

static int start_all(pthread_t *threads)
{
	int err = 0;
	size_t i;

	for (i = 0; i < jobs.n && !err; i++)
		err = jobs.threads ? -pthread_create(&threads[i], NULL, thread, (void *)i)
				   : start_process(i);
	return err;
}

/* All of them, or whoever failed will never tell. */
static int await_ready(void)
{
	char byte;
	size_t i;

	if (!jobs.threads)
		close(jobs.ready[1]);
	for (i = 0; i < jobs.n; i++)
		if (read(jobs.ready[0], &byte, 1) != 1)
			return -ECHILD;
	return 0;
}

static void let_go(void)
{
	jobs.shared->start_ns = clock_ns(CLOCK_MONOTONIC) + LEAD_NS + jobs.n * LEAD_EACH_NS;
	atomic_store(&jobs.shared->go, 1);
	wake_all(&jobs.shared->go);
}

/* Who is ended from outside is never waited for: the others would, for ever. */
static int await_end(const pthread_t *threads)
{
	int status;
	size_t i;

	for (i = 0; jobs.threads && i < jobs.n; i++)
		pthread_join(threads[i], NULL);
	while (!jobs.threads && wait(&status) > 0)
		if (!WIFEXITED(status) || WEXITSTATUS(status))
			return -ECHILD;
	return 0;
}

/* What fails here ends us, and by that all that we started. */
static int run_all(void)
{
	pthread_t threads[JOBS_MOST];
	int err;

	jobs.shared = mmap(NULL, sizeof(*jobs.shared), PROT_READ | PROT_WRITE,
			   MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (jobs.shared == MAP_FAILED || pipe(jobs.ready))
		return -errno;
	err = start_all(threads);
	if (!err)
		err = await_ready();
	if (err)
		return err;
	let_go();
	return await_end(threads);
}

static double ms(uint64_t from_ns, uint64_t to_ns)
{
	return to_ns > from_ns ? (double)(to_ns - from_ns) / 1e6 : 0;
}

static void print_all(void)
{
	const uint64_t start_ns = jobs.shared->start_ns;
	const struct got *got;
	char name[16];
	size_t i;

	printf("(ms)    weight      length     arrived       began       ended    response  "
	       "turnaround\n");
	for (i = 0; i < jobs.n; i++) {
		got = &jobs.shared->got[i];
		snprintf(name, sizeof(name), "job%zu", i + 1);
		printf("%-7s %6u  %10.1f  %10.1f  %10.1f  %10.1f  %10.1f  %10.1f\n", name,
		       jobs.list[i].weight, ms(0, got->cpu_ns), ms(start_ns, got->due_ns),
		       ms(start_ns, got->began_ns), ms(start_ns, got->ended_ns),
		       ms(got->due_ns, got->began_ns), ms(got->due_ns, got->ended_ns));
	}
}

enum { KEY_THREADS = 't' };

static const struct argp_option options[] = {
	{ "threads", KEY_THREADS, NULL, 0,
	  "threads of one process, where else each job is a process", 0 },
	{ 0 }
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	switch (key) {
	case KEY_THREADS:
		jobs.threads = true;
		return 0;
	case ARGP_KEY_ARG:
		if (jobs.n == JOBS_MOST)
			argp_error(state, "%d jobs are the most", JOBS_MOST);
		if (job_parse(&jobs.list[jobs.n++], arg))
			argp_error(state,
				   "a job is LENGTH[/BURST+SLEEP][@ARRIVAL][:WEIGHT], times in ms "
				   "up to 600000, as 200 or 50@20 or 60/3+10 or 100:3, not '%s'",
				   arg);
		return 0;
	case ARGP_KEY_END:
		if (!jobs.n)
			argp_error(state, "which jobs? As in: oncpu jobs 200 50@20 50@40");
		if (jobs_weigh(jobs.list, jobs.n))
			argp_error(state, "the heaviest job can have 68 times the weight of the "
					  "lightest, as the kernel's nice values go");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp argp = {
	.options = options,
	.parser = parse,
	.args_doc = "LENGTH[/BURST+SLEEP][@ARRIVAL][:WEIGHT]...",
	.doc = "Runs jobs of known lengths, and prints what each one got. Times are in ms: LENGTH "
	       "of "
	       "CPU, in bursts of BURST after each of which it sleeps for SLEEP, and ready to run "
	       "ARRIVAL after the start. WEIGHT is its part of a CPU, against the others'.\v"
	       "A job marks its interval as 'job', and its length as 'length' (us) before: oncpu "
	       "record shows them. oncpu race holds schedulers against each other with it.",
};

static int run(int argc, char **argv)
{
	int err;

	if (argp_parse(&argp, argc, argv, 0, NULL, NULL))
		return EXIT_USAGE;
	err = run_all();
	if (err) {
		fprintf(stderr, "oncpu jobs: cannot run them all: %s\n",
			err == -ECHILD ? "one of them was ended" : strerror(-err));
		return EXIT_ENVIRON;
	}
	print_all();
	return EXIT_OK;
}

ONCPU_COMMAND(jobs, { .name = "jobs",
		      .args = "[--threads] LENGTH[/BURST+SLEEP][@ARRIVAL][:WEIGHT]...",
		      .help = "run jobs of known lengths, and print what each one got",
		      .run = run });
