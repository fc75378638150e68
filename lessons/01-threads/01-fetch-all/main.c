// SPDX-License-Identifier: GPL-2.0
/*
 * Values are fetched from a slow disk.
 *
 *	fetch N     N values, once; the disk takes 50 to 150 ms for each
 *	meet N      the disk answers nobody before all but one have asked, if they ever do
 *	sizes       0, 1, 11 and 40 values; a thread that is over leaves no memory behind that could be read
 *	again       8 values, four times: what is left of the threads?
 *	race N      for the explorer: the disk answers at once
 */
#include <malloc.h>
#include <oncpu/mark.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "fetch_all.h"

#define MOST 64

static int slowness = 1; /* 0: the disk answers at once; set before there are threads */

static pthread_key_t connection;

/* Each thread has a connection of its own to the disk, and takes a moment to close it as it ends. */
static void close_connection(void *unused)
{
	(void)unused;
	usleep(40000);
}

static void connect_disk(void)
{
	static __thread int connected;
	static atomic_int next;
	char name[16];

	if (connected++ || getpid() == gettid())
		return;
	snprintf(name, sizeof(name), "reader-%d", atomic_fetch_add(&next, 1));
	pthread_setname_np(pthread_self(), name);
	pthread_setspecific(connection, name);
}

static long value_of(int id)
{
	return 1000000 - 7L * id;
}

/* The first one asked for takes longest, the last one the least. */
static int ms_of(int id)
{
	return id % 100 == 0 ? 150 : 50;
}

static struct {
	pthread_mutex_t lock;
	pthread_cond_t over_now;
	int wanted, inside; /* wanted 0: nobody is waited for */
	bool full, over;
	struct timespec until; /* then they go on, unless somebody comes */
} meeting = { .lock = PTHREAD_MUTEX_INITIALIZER, .over_now = PTHREAD_COND_INITIALIZER };

/* All are here, and wait: until the last one goes on, no thread of this program has anything to do. */
static void rest(void)
{
	for (int i = 0; i < 3; i++) {
		usleep(20000); /* whoever is still on the way to where it waits gets there */
		oncpu_begin("nothing to do");
		usleep(60000);
		oncpu_end("nothing to do");
	}
}

static void wait_for_others(void)
{
	struct timespec until = meeting.until;

	if (meeting.full)
		pthread_cond_wait(&meeting.over_now, &meeting.lock);
	else if (pthread_cond_timedwait(&meeting.over_now, &meeting.lock, &until) &&
		 until.tv_nsec == meeting.until.tv_nsec && !meeting.full)
		meeting.over = true; /* nobody has come meanwhile */
}

/* Until as many as are wanted have been inside at one instant, or nobody has come for two seconds. */
static void meet(void)
{
	if (!meeting.wanted)
		return;
	pthread_mutex_lock(&meeting.lock);
	meeting.inside++;
	clock_gettime(CLOCK_REALTIME, &meeting.until);
	meeting.until.tv_sec += 2;
	if (meeting.inside == meeting.wanted && !meeting.over) {
		meeting.full = true;
		pthread_mutex_unlock(&meeting.lock);
		rest();
		pthread_mutex_lock(&meeting.lock);
		meeting.over = true;
		pthread_cond_broadcast(&meeting.over_now);
	}
	while (!meeting.over)
		wait_for_others();
	meeting.inside--;
	pthread_mutex_unlock(&meeting.lock);
}

long slow_read(int id)
{
	if (slowness) {
		connect_disk();
		oncpu_begin("slow_read");
		meet();
		usleep((useconds_t)(ms_of(id) * 1000 / slowness));
		oncpu_end("slow_read");
	}
	return value_of(id);
}

static int id_of(int i)
{
	return 300 + 13 * i;
}

/* Not on a stack: they have names that the explorer can tell. */
static int ids[MOST];
static long values[MOST];

/* Fetches n values. Prints the first that is wrong, and says whether there was one. */
static int fetch(int n)
{
	int i;

	for (i = 0; i < n; i++) {
		ids[i] = id_of(i);
		values[i] = 0; /* which no id has */
	}
	oncpu_begin("fetch_all");
	fetch_all(ids, n, values);
	oncpu_end("fetch_all");
	oncpu_point("returned", n);
	for (i = 0; i < n && values[i] == value_of(ids[i]); i++)
		;
	if (i == n)
		return 0;
	printf("wrong 1\nof %d\nindex %d\nvalue %ld\nright %ld\n", n, i, values[i],
	       value_of(ids[i]));
	return 1;
}

/*
 * The C library keeps the stacks of threads that are over for the next ones, and with them what their
 * locals were: a pointer to those seems to be good for a while. Told to keep none, it gives them back.
 */
static void keep_no_stacks(char **argv)
{
	static const char name[] = "GLIBC_TUNABLES";

	if (getenv(name))
		return;
	setenv(name, "glibc.pthread.stack_cache_size=0", 1);
	execv("/proc/self/exe", argv);
}

static int sizes(char **argv)
{
	static const int some[] = { 1, 0, 11, 40 };

	keep_no_stacks(argv);
	slowness = 10;
	for (int i = 0; i < 4; i++)
		if (fetch(some[i]))
			return 0;
	printf("wrong 0\n");
	return 0;
}

/* What the process's memory spans, in bytes: the stack of each thread is a part of it. */
static long span_of_memory(void)
{
	FILE *f = fopen("/proc/self/statm", "r");
	long pages = 0;

	if (!f || fscanf(f, "%ld", &pages) != 1)
		abort();
	fclose(f);
	return pages * sysconf(_SC_PAGESIZE);
}

static size_t stack_size(void)
{
	pthread_attr_t attr;
	size_t size;

	pthread_attr_init(&attr);
	pthread_attr_getstacksize(&attr, &size);
	pthread_attr_destroy(&attr);
	return size;
}

/* Two calls, for what is set up once; two more should leave nothing behind. */
static int again(void)
{
	long before = 0, left;

	mallopt(M_ARENA_MAX, 1); /* what malloc() keeps for each thread is not meant here */
	slowness = 10;
	for (int i = 0; i < 4; i++) {
		if (i == 2)
			before = span_of_memory();
		if (fetch(8))
			return 0;
	}
	left = (span_of_memory() - before) / (long)stack_size();
	printf("stacks_left %ld\n", left > 0 ? left : 0);
	return 0;
}

static int race(int n)
{
	slowness = 0;
	for (int i = 0; i < n; i++)
		ids[i] = id_of(i);
	fetch_all(ids, n, values);
	for (int i = 0; i < n; i++)
		if (values[i] != value_of(ids[i])) {
			fprintf(stderr,
				"values[%d] is %ld, which is not what slow_read(ids[%d]) gave\n", i,
				values[i], i);
			return 1;
		}
	return 0;
}

int main(int argc, char **argv)
{
	const char *scenario = argc > 1 ? argv[1] : "fetch";
	int n = argc > 2 ? atoi(argv[2]) : 8;

	pthread_key_create(&connection, close_connection);
	if (n < 0 || n > MOST)
		n = MOST;
	if (!strcmp(scenario, "fetch") || !strcmp(scenario, "meet")) {
		meeting.wanted = scenario[0] == 'm' ? n - 1 : 0;
		if (!fetch(n))
			printf("wrong 0\n");
		return 0;
	}
	if (!strcmp(scenario, "sizes"))
		return sizes(argv);
	if (!strcmp(scenario, "again"))
		return again();
	if (!strcmp(scenario, "race"))
		return race(n);
	fprintf(stderr, "fetch_all: there is no scenario '%s'\n", scenario);
	return 2;
}
