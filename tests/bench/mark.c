// SPDX-License-Identifier: GPL-2.0
/*
 * What a mark costs: tests/bench/run-mark prints it for -O0 and -O2, beside a read of the clock, which is
 * most of it, and where nobody records.
 *
 *   mark             makes the recorder's memory and drains it, as "oncpu record" does, but records
 *                    nothing of the kernel: so it needs no root
 *   mark --here      measures, in a program that it starts
 *
 * Medians of bursts that fit the ring, with a rest between in which it is drained: ns each.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <oncpu/mark.h>
#include "record/marks.h"

#define ORDER	  13
#define BURST	  4000
#define NR_BURSTS 41

static double now_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec * 1e9 + (double)ts.tv_nsec;
}

static void mark_burst(void)
{
	int i;

	for (i = 0; i < BURST / 2; i++) {
		oncpu_begin("burst");
		oncpu_end("burst");
	}
}

static void clock_burst(void)
{
	struct timespec ts;
	int i;

	for (i = 0; i < BURST; i++)
		clock_gettime(CLOCK_MONOTONIC, &ts);
}

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static void measure(const char *what, void (*burst)(void))
{
	double ns[NR_BURSTS];
	int i;

	for (i = 0; i < NR_BURSTS; i++) {
		ns[i] = now_ns();
		burst();
		ns[i] = (now_ns() - ns[i]) / BURST;
		usleep(10000);
	}
	qsort(ns, NR_BURSTS, sizeof(*ns), by_value);
	printf("  %-12s least %5.1f   median %5.1f   most %7.1f ns\n", what, ns[0],
	       ns[NR_BURSTS / 2], ns[NR_BURSTS - 1]);
}

static int here(const char *what)
{
	measure("clock", clock_burst);
	measure(what, mark_burst);
	return fflush(stdout);
}

static int start(const char *program, const char *what)
{
	pid_t pid = fork();

	if (pid == 0) {
		execl(program, program, "--here", what, NULL);
		_exit(127);
	}
	return pid;
}

static int recorded(const char *program)
{
	char why[256] = "";
	struct trace_writer *w;
	struct marks *m;
	int status = 0, err;
	pid_t pid;

	err = marks_open(&m, ORDER, why, sizeof(why));
	if (!err)
		err = trace_writer_open(&w, "/dev/null", "{}");
	if (err) {
		fprintf(stderr, "mark: %s%s\n", why, strerror(-err));
		return 1;
	}
	pid = start(program, "mark");
	while (!err && waitpid(pid, &status, WNOHANG) == 0) {
		err = marks_drain(m, w, false);
		usleep(2000);
	}
	err = err ? err : marks_drain(m, w, true);
	printf("  %llu marks, %llu lost\n", (unsigned long long)marks_recorded(m),
	       (unsigned long long)marks_lost(m));
	trace_writer_close(w);
	marks_close(m);
	return err || status;
}

int main(int argc, char **argv)
{
	int status;

	if (argc == 3 && !strcmp(argv[1], "--here"))
		return here(argv[2]);
	setvbuf(stdout, NULL, _IOLBF, 0);
	waitpid(start(argv[0], "unrecorded"), &status, 0);
	return status || recorded(argv[0]);
}
