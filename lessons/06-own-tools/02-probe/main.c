// SPDX-License-Identifier: GPL-2.0
/*
 * Threads that wait for a CPU, each kind in its own way. All are bound to CPU 0.
 *
 *	probe crowd    also without an argument: sleeper wakes 20 times; hog-0 and hog-1 compute; main
 *	               creates six one after the other, new-0 to new-5, each of which is there for a moment
 *	probe pair     ping and pong wake each other 20 times, while a hog computes
 */
#include <oncpu/mark.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define NAPS	 20
#define HOG_MS	 60
#define NEW	 6
#define MESSAGES 20

static int there[2], back[2];

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

static void sleep_ms(long ms)
{
	const struct timespec t = { .tv_nsec = ms * 1000000 };

	nanosleep(&t, NULL);
}

static void *hog(void *arg)
{
	oncpu_begin("compute");
	compute_ms(HOG_MS);
	oncpu_end("compute");
	return arg;
}

static void *sleeper(void *arg)
{
	for (int i = 0; i < NAPS; i++) {
		sleep_ms(4);
		compute_ms(0.5);
	}
	return arg;
}

static void *new(void *arg)
{
	compute_ms(0.5);
	return arg;
}

static void say(int fd)
{
	if (write(fd, "x", 1) != 1)
		exit(1);
}

static void hear(int fd)
{
	char c;

	if (read(fd, &c, 1) != 1)
		exit(1);
}

static void *ping(void *arg)
{
	for (int i = 0; i < MESSAGES; i++) {
		say(there[1]);
		hear(back[0]);
	}
	return arg;
}

static void *pong(void *arg)
{
	for (int i = 0; i < MESSAGES; i++) {
		hear(there[0]);
		say(back[1]);
	}
	return arg;
}

/* Its name and its CPU are there before it runs for the first time: it inherits both. */
static pthread_t begin(const char *name, void *(*function)(void *))
{
	char mine[16];
	pthread_t t;

	pthread_getname_np(pthread_self(), mine, sizeof(mine));
	pthread_setname_np(pthread_self(), name);
	if (pthread_create(&t, NULL, function, NULL)) {
		perror("probe: thread");
		exit(1);
	}
	pthread_setname_np(pthread_self(), mine);
	return t;
}

static void crowd(void)
{
	pthread_t threads[] = { begin("hog-0", hog), begin("hog-1", hog),
				begin("sleeper", sleeper) };
	char name[16];

	for (int i = 0; i < NEW; i++) {
		snprintf(name, sizeof(name), "new-%d", i);
		pthread_join(begin(name, new), NULL);
	}
	for (size_t i = 0; i < sizeof(threads) / sizeof(*threads); i++)
		pthread_join(threads[i], NULL);
	printf("threads %d\n", NEW + 3);
}

static void pair(void)
{
	pthread_t threads[3];

	if (pipe(there) || pipe(back)) {
		perror("probe: pipe");
		exit(1);
	}
	threads[0] = begin("hog", hog);
	threads[1] = begin("pong", pong);
	threads[2] = begin("ping", ping);
	for (int i = 0; i < 3; i++)
		pthread_join(threads[i], NULL);
	printf("threads 3\n");
}

int main(int argc, char **argv)
{
	const char *name = argc > 1 ? argv[1] : "crowd";
	cpu_set_t first;

	CPU_ZERO(&first);
	CPU_SET(0, &first);
	sched_setaffinity(0, sizeof(first), &first);
	if (!strcmp(name, "crowd"))
		crowd();
	else if (!strcmp(name, "pair"))
		pair();
	else
		return fprintf(stderr, "usage: probe crowd|pair\n"), 2;
	return 0;
}
