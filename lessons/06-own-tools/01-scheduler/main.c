// SPDX-License-Identifier: GPL-2.0
/*
 * Threads that want one CPU, for a scheduler to choose from. Without one of ours the kernel's own does.
 *
 *	scheduler hogs     also without an argument: three compute for 60 ms each
 *	scheduler brief    two compute for 100 ms each; one of them gives up its CPU after each ms
 *	scheduler away     two compute for 120 ms each; a third sleeps for 100 ms, then computes for 60 ms
 */
#include <oncpu/mark.h>
#include <pthread.h>
#include <sched.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

struct job {
	const char *name;
	int sleep_ms, ms;
	bool brief;
	pthread_t thread;
};

static double cpu_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static void compute_ms(double ms)
{
	double end = cpu_ms() + ms;

	while (cpu_ms() < end)
		;
}

static void *work(void *arg)
{
	const struct job *j = arg;
	const struct timespec away = { .tv_nsec = j->sleep_ms * 1000000L };

	pthread_setname_np(pthread_self(), j->name);
	if (j->sleep_ms)
		nanosleep(&away, NULL);
	oncpu_begin("compute");
	for (int i = 0; j->brief && i < j->ms; i++) {
		compute_ms(1);
		sched_yield();
	}
	if (!j->brief)
		compute_ms(j->ms);
	oncpu_end("compute");
	return NULL;
}

static void run(struct job *jobs, int n)
{
	for (int i = 0; i < n; i++)
		if (pthread_create(&jobs[i].thread, NULL, work, &jobs[i])) {
			perror("scheduler: thread");
			exit(1);
		}
	for (int i = 0; i < n; i++)
		pthread_join(jobs[i].thread, NULL);
	printf("jobs %d\n", n);
}

int main(int argc, char **argv)
{
	struct job hogs[] = { { "hog-0", 0, 60, false, 0 },
			      { "hog-1", 0, 60, false, 0 },
			      { "hog-2", 0, 60, false, 0 } };
	struct job brief[] = { { "long", 0, 100, false, 0 }, { "brief", 0, 100, true, 0 } };
	struct job away[] = { { "hog-0", 0, 120, false, 0 },
			      { "hog-1", 0, 120, false, 0 },
			      { "away", 100, 60, false, 0 } };
	const char *name = argc > 1 ? argv[1] : "hogs";
	cpu_set_t first;

	CPU_ZERO(&first);
	CPU_SET(0, &first);
	sched_setaffinity(0, sizeof(first), &first);
	if (!strcmp(name, "hogs"))
		run(hogs, 3);
	else if (!strcmp(name, "brief"))
		run(brief, 2);
	else if (!strcmp(name, "away"))
		run(away, 3);
	else
		return fprintf(stderr, "usage: scheduler hogs|brief|away\n"), 2;
	return 0;
}
