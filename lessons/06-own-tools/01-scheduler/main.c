// SPDX-License-Identifier: GPL-2.0
/*
 * Threads that want one CPU, for a scheduler to choose from. Without one of ours the kernel's own does.
 *
 *	scheduler hogs     also without an argument: three compute for 60 ms each
 *	scheduler brief    two compute for 80 ms each; one of them gives up its CPU after each ms
 *	scheduler away     two compute for 120 ms each; a third sleeps until one of them has done
 *	                     50 ms of it, then computes for 60 ms
 */
#include <oncpu/mark.h>
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

struct job {
	const char *name;
	int ms;
	bool brief;
	int call_at_ms; /* of its work: wakes who is away */
	bool away;
	pthread_t thread;
};

static sem_t called;

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

	pthread_setname_np(pthread_self(), j->name);
	if (j->away)
		sem_wait(&called);
	oncpu_begin("compute");
	for (int i = 0; j->brief && i < j->ms; i++) {
		compute_ms(1);
		sched_yield();
	}
	if (j->call_at_ms) {
		compute_ms(j->call_at_ms);
		sem_post(&called);
	}
	if (!j->brief)
		compute_ms(j->ms - j->call_at_ms);
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
	struct job hogs[] = { { .name = "hog-0", .ms = 60 },
			      { .name = "hog-1", .ms = 60 },
			      { .name = "hog-2", .ms = 60 } };
	struct job brief[] = { { .name = "long", .ms = 80 },
			       { .name = "brief", .ms = 80, .brief = true } };
	struct job away[] = { { .name = "hog-0", .ms = 120, .call_at_ms = 50 },
			      { .name = "hog-1", .ms = 120 },
			      { .name = "away", .ms = 60, .away = true } };
	const char *name = argc > 1 ? argv[1] : "hogs";
	cpu_set_t first;

	sem_init(&called, 0, 0);
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
