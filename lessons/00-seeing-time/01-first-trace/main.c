// SPDX-License-Identifier: GPL-2.0
/*
 * Two workers, two rounds. In each round a worker has the same work to do: 150 ms of computing.
 *
 * In round 1 both may only run on CPU 0. In round 2 they run where pin_cpu() puts them.
 *
 *	rounds	the same
 *	anew	the program is started twelve times, and asks each time who may run where
 *	race	no computing: for the explorer
 */
#include <oncpu/mark.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "first_trace.h"

#define WORKERS 2
#define TIMES	12

static pthread_barrier_t start_line;
static double work_ms = 150;  /* set before there are threads */
static cpu_set_t cpus_of_all; /* of a round's workers together */

static double ms_of(clockid_t clock)
{
	struct timespec t;

	clock_gettime(clock, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static void stay_on(int worker, int cpu)
{
	cpu_set_t set;
	int err;

	if (cpu < 0)
		return;
	if (cpu >= sysconf(_SC_NPROCESSORS_ONLN)) {
		fprintf(stderr, "worker %d was to run on CPU %d: the CPUs here are 0 to %ld\n",
			worker, cpu, sysconf(_SC_NPROCESSORS_ONLN) - 1);
		exit(1);
	}
	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	err = pthread_setaffinity_np(pthread_self(), sizeof(set), &set);
	if (err)
		fprintf(stderr, "first_trace: CPU %d: %s\n", cpu, strerror(err));
}

/* Computes for so much CPU time, however long that takes by the clock on the wall. */
static void compute(double ms)
{
	double end = ms_of(CLOCK_THREAD_CPUTIME_ID) + ms;
	volatile unsigned long sum = 0;

	while (ms_of(CLOCK_THREAD_CPUTIME_ID) < end)
		for (int i = 0; i < 10000; i++)
			sum += (unsigned long)i;
}

/* On how many CPUs this thread and those before it may run. */
static void count_cpus(void)
{
	static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
	cpu_set_t mine;

	pthread_getaffinity_np(pthread_self(), sizeof(mine), &mine);
	pthread_mutex_lock(&lock);
	CPU_OR(&cpus_of_all, &cpus_of_all, &mine);
	pthread_mutex_unlock(&lock);
}

struct job {
	int round, worker, cpu;
	int (*cpu_of)(int worker);
	pthread_t thread;
};

static void *work(void *arg)
{
	struct job *job = arg;
	char name[16];

	snprintf(name, sizeof(name), "worker-%d", job->worker);
	pthread_setname_np(pthread_self(), name);
	job->cpu = job->cpu_of(job->worker);
	stay_on(job->worker, job->cpu);
	count_cpus();
	pthread_barrier_wait(&start_line);
	if (job->round == 1) {
		oncpu_scope("round 1");
		compute(work_ms);
	} else {
		oncpu_scope("round 2");
		compute(work_ms);
	}
	return NULL;
}

static void round_of_work(int number, int (*cpu_of)(int))
{
	struct job jobs[WORKERS];
	double start = ms_of(CLOCK_MONOTONIC);
	int err;

	CPU_ZERO(&cpus_of_all);
	for (int i = 0; i < WORKERS; i++) {
		jobs[i] = (struct job){ .round = number, .worker = i, .cpu_of = cpu_of };
		err = pthread_create(&jobs[i].thread, NULL, work, &jobs[i]);
		if (err) {
			fprintf(stderr, "first_trace: thread: %s\n", strerror(err));
			exit(1);
		}
	}
	for (int i = 0; i < WORKERS; i++)
		pthread_join(jobs[i].thread, NULL);
	printf("round %d: worker 0 on CPU %d, worker 1 on CPU %d: %.0f ms\n", number, jobs[0].cpu,
	       jobs[1].cpu, ms_of(CLOCK_MONOTONIC) - start);
}

static int always_cpu_0(int worker)
{
	(void)worker;
	return 0;
}

/* A process of its own, as if it were the first time. True: its workers had both CPUs. */
static int once_more(void)
{
	int status = -1;
	pid_t pid = fork();

	if (pid == 0) {
		execl("/proc/self/exe", "first_trace", "once", (char *)NULL);
		_exit(127);
	}
	if (pid < 0 || waitpid(pid, &status, 0) < 0) {
		perror("first_trace: process");
		exit(1);
	}
	return status == 0;
}

static int anew(void)
{
	int apart = 0;

	for (int i = 0; i < TIMES; i++)
		apart += once_more();
	printf("apart %d\ntimes %d\n", apart, TIMES);
	return 0;
}

static int once(void)
{
	work_ms = 0;
	round_of_work(2, pin_cpu);
	return CPU_COUNT(&cpus_of_all) < 2;
}

int main(int argc, char **argv)
{
	if (argc > 1 && !strcmp(argv[1], "race"))
		work_ms = 0;
	setvbuf(stdout, NULL, _IOLBF, 0);
	pthread_barrier_init(&start_line, NULL, WORKERS);
	if (argc > 1 && !strcmp(argv[1], "anew"))
		return anew();
	if (argc > 1 && !strcmp(argv[1], "once"))
		return once();
	round_of_work(1, always_cpu_0);
	round_of_work(2, pin_cpu);
	printf("cpus %d\nrounds 2\n", CPU_COUNT(&cpus_of_all));
	return 0;
}
