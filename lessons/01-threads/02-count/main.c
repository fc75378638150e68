// SPDX-License-Identifier: GPL-2.0
/*
 * A text is counted by several workers.
 *
 *	                  two workers: first as "count", then as "many"
 *	count WORKERS     48 lines that take 3 ms each
 *	meet WORKERS      whoever counts a line waits until all others count one, too, if they ever do
 *	many WORKERS      200000 lines that take next to nothing: many chances to go wrong
 *	edges             few lines, many workers, and the other way round
 *	race WORKERS      four lines: for the explorer
 */
#include <oncpu/mark.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "count.h"

#define MAX_LINES 200000

static double cost_ms; /* of a line; set before there are threads */

static double cpu_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

/* So much CPU time, however fast the machine is. */
static void take_time(double ms)
{
	double end = cpu_ms() + ms;
	volatile unsigned long sum = 0;

	while (cpu_ms() < end)
		for (int i = 0; i < 1000; i++)
			sum += (unsigned long)i;
}

/*
 * No two threads come out of words_in() in the same 300 us: a program that keeps its workers apart
 * by nothing then goes well by luck, each time, as it might anywhere.
 */
static bool alone_on_the_way_out(void)
{
	static atomic_llong last_us;
	struct timespec t;
	long long now, last = atomic_load(&last_us);

	clock_gettime(CLOCK_MONOTONIC, &t);
	now = t.tv_sec * 1000000LL + t.tv_nsec / 1000;
	return now - last > 300 && atomic_compare_exchange_strong(&last_us, &last, now);
}

/* The threads are made by others: each gets its name when it first comes by. */
static void name_thread(void)
{
	static __thread int named;
	static atomic_int next;
	char name[16];

	if (named++ || getpid() == gettid())
		return;
	snprintf(name, sizeof(name), "worker-%d", atomic_fetch_add(&next, 1));
	pthread_setname_np(pthread_self(), name);
}

static int words_of(const char *line)
{
	int words = 0;

	for (line += strspn(line, " "); *line; line += strspn(line, " ")) {
		line += strcspn(line, " ");
		words++;
	}
	return words;
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

int words_in(const char *line)
{
	int words;

	if (cost_ms <= 0)
		return words_of(line);
	name_thread();
	oncpu_begin("words_in");
	meet();
	take_time(cost_ms);
	while (!alone_on_the_way_out())
		take_time(0.02);
	words = words_of(line);
	oncpu_end("words_in");
	return words;
}

/* Lines of 1, 2, 3, 4, 5, 6, 7, 1, ... words; the last but one has nine. */
static struct text text_of(int nr_lines)
{
	static const char *const some[] = { "one",
					    "two words",
					    "these are three",
					    "in here are four",
					    "this line has five words",
					    "and this one has even six",
					    "no line but one has more words" };
	static const char *lines[MAX_LINES];

	for (int i = 0; i < nr_lines; i++)
		lines[i] = some[i % 7];
	if (nr_lines > 1)
		lines[nr_lines - 2] = "but for this line it has all of nine";
	return (struct text){ .nr_lines = nr_lines, .lines = lines };
}

static struct stats truth_of(const struct text *t)
{
	struct stats s = { 0 };

	for (int i = 0; i < t->nr_lines; i++) {
		int words = words_of(t->lines[i]);

		s.words += words;
		if (words > s.longest)
			s.longest = words;
	}
	return s;
}

static struct stats stats; /* not on a stack: it has a name that the explorer can tell */

static struct stats counted(const struct text *t, int workers)
{
	stats = (struct stats){ 0 };
	oncpu_begin("count_words");
	count_words(t, workers, &stats);
	oncpu_end("count_words");
	return stats;
}

static int same(const struct stats *a, const struct stats *b)
{
	return a->words == b->words && a->longest == b->longest;
}

static int count(int nr_lines, int workers, double ms)
{
	struct text t = text_of(nr_lines);
	struct stats s;

	cost_ms = ms;
	s = counted(&t, workers);
	printf("words %ld\nlongest %ld\n", s.words, s.longest);
	s = truth_of(&t);
	printf("there are %ld words, and %ld in the longest line\n", s.words, s.longest);
	return 0;
}

/* It went wrong; does it go well when it is asked again? */
static bool is_luck(const struct text *t, int workers, const struct stats *right)
{
	for (int i = 0; i < 3; i++) {
		struct stats again = counted(t, workers);

		if (same(&again, right))
			return true;
	}
	return false;
}

/* Prints the first that goes wrong, and whether it does so each time. */
static int edges(void)
{
	static const struct {
		int lines, workers;
	} cases[] = { { 12, 3 }, { 7, 3 },  { 2, 4 },  { 0, 2 },
		      { 1, 1 },	 { 23, 5 }, { 1, 16 }, { 50, 16 } };

	cost_ms = 0.01; /* what goes wrong in one order of steps only is told by race */
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct text t = text_of(cases[i].lines);
		struct stats s = counted(&t, cases[i].workers), right = truth_of(&t);
		bool luck;

		if (same(&s, &right))
			continue;
		luck = is_luck(&t, cases[i].workers, &right);
		printf("wrong %d\nby_luck %d\n", !luck, luck);
		printf("lines %d\nworkers %d\nwords %ld\nlongest %ld\n", cases[i].lines,
		       cases[i].workers, s.words, s.longest);
		printf("right_words %ld\nright_longest %ld\n", right.words, right.longest);
		return 0;
	}
	printf("wrong 0\nby_luck 0\n");
	return 0;
}

static int race(int workers)
{
	static const char *const lines[] = { "a b", "a b c", "a", "a b" };
	const struct text t = { .nr_lines = 4, .lines = lines };
	const struct stats right = { .words = 8, .longest = 3 };
	struct stats s = counted(&t, workers);

	if (same(&s, &right))
		return 0;
	fprintf(stderr,
		"%ld words were counted, there are 8; %ld in the longest line, there are 3\n",
		s.words, s.longest);
	return 1;
}

int main(int argc, char **argv)
{
	const char *scenario = argc > 1 ? argv[1] : "";
	int workers = argc > 2 ? atoi(argv[2]) : 2;

	if (!*scenario) {
		puts("48 lines that take long:");
		count(48, workers, 3);
		puts("200000 lines that do not:");
		return count(MAX_LINES, workers, 0);
	}
	if (!strcmp(scenario, "count"))
		return count(48, workers, 3);
	if (!strcmp(scenario, "meet")) {
		meeting.wanted = workers;
		return count(12, workers, 0.1);
	}
	if (!strcmp(scenario, "many"))
		return count(MAX_LINES, workers, 0);
	if (!strcmp(scenario, "edges"))
		return edges();
	if (!strcmp(scenario, "race"))
		return race(workers);
	fprintf(stderr, "count: there is no scenario '%s'\n", scenario);
	return 2;
}
