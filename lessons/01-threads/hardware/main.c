// SPDX-License-Identifier: GPL-2.0
/*
 * What two CPUs do to each other, in six small measurements. README.md says what they show.
 *
 *	hardware stores     two threads write one place each, then read the other's
 *	hardware lost       two threads add one to a plain number, and to an atomic one
 *	hardware sharing    two threads count, in one cache line and in two
 *	hardware bounce     one number for two threads, and a number for each
 *	hardware switch     two threads wake each other in turn, on one CPU and on two
 *	hardware move       a thread that walks through its memory, and changes its CPU before
 */
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define LINE 128 /* bytes: CPUs fetch lines of 64, and some of them two at a time */
#define RUNS 5	 /* the middle one is told */

static double now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static void stay_on(int cpu)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	if (cpu >= 0 && pthread_setaffinity_np(pthread_self(), sizeof(set), &set))
		fprintf(stderr, "hardware: CPU %d is not to be had\n", cpu);
}

struct side {
	void (*work)(struct side *);
	int me, cpu, variant;
	double ms;
};

static pthread_barrier_t start_line;

static void *run_side(void *arg)
{
	struct side *s = arg;
	double start;

	stay_on(s->cpu);
	pthread_barrier_wait(&start_line);
	start = now_ms();
	s->work(s);
	s->ms = now_ms() - start;
	return NULL;
}

/* Both sides at once, each on a CPU; how long the slower one took. */
static double both(void (*work)(struct side *), int variant, int other_cpu)
{
	struct side sides[2];
	pthread_t threads[2];

	pthread_barrier_init(&start_line, NULL, 2);
	for (int i = 0; i < 2; i++) {
		sides[i] = (struct side){ work, i, i ? other_cpu : 0, variant, 0 };
		if (pthread_create(&threads[i], NULL, run_side, &sides[i]))
			exit(1);
	}
	for (int i = 0; i < 2; i++)
		pthread_join(threads[i], NULL);
	return sides[0].ms > sides[1].ms ? sides[0].ms : sides[1].ms;
}

static int by_size(const void *a, const void *b)
{
	const double *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

static double middle_of(void (*work)(struct side *), int variant, int other_cpu)
{
	double ms[RUNS];

	for (int i = 0; i < RUNS; i++)
		ms[i] = both(work, variant, other_cpu);
	qsort(ms, RUNS, sizeof(*ms), by_size);
	return ms[RUNS / 2];
}

/* Store buffers. A round: each writes its own place, then reads the other's. */

#define ROUNDS 60000

static struct {
	_Alignas(LINE) atomic_int value;
} place[2];
static _Alignas(LINE) atomic_int arrived;
static int saw[2][ROUNDS];

/* So that both are in the same round. They spin: to sleep would take much longer than the round. */
static void meet(int round)
{
	atomic_fetch_add(&arrived, 1);
	while (atomic_load(&arrived) < 2 * round)
		;
}

static void write_and_read(struct side *s)
{
	for (int i = 0; i < ROUNDS; i++) {
		meet(2 * i + 1);
		atomic_store_explicit(&place[s->me].value, i + 1, memory_order_relaxed);
		if (s->variant)
			atomic_thread_fence(memory_order_seq_cst);
		saw[s->me][i] = atomic_load_explicit(&place[!s->me].value, memory_order_relaxed);
		meet(2 * i + 2);
	}
}

static void stores(void)
{
	for (int fence = 0; fence < 2; fence++) {
		int neither = 0;

		arrived = place[0].value = place[1].value = 0;
		both(write_and_read, fence, 1);
		for (int i = 0; i < ROUNDS; i++)
			neither += saw[0][i] <= i && saw[1][i] <= i;
		printf("%s: in %d of %d rounds neither saw what the other had written\n",
		       fence ? "with a fence" : "without     ", neither, ROUNDS);
	}
}

/* Lost updates */

#define ADDS 5000000

static volatile int plain;
static atomic_int whole;

static void add_one(struct side *s)
{
	for (int i = 0; i < ADDS; i++)
		if (s->variant)
			atomic_fetch_add_explicit(&whole, 1, memory_order_relaxed);
		else
			plain++;
}

static void lost(void)
{
	both(add_one, 0, 1);
	both(add_one, 1, 1);
	printf("of %d the plain number has %d (%.1f %% lost), the atomic one %d\n", 2 * ADDS, plain,
	       100.0 * (2 * ADDS - plain) / (2 * ADDS), whole);
}

/* Cache lines */

#define COUNTS 20000000

static struct {
	_Alignas(LINE) volatile long near[2]; /* in one line */
	struct {
		_Alignas(LINE) volatile long value;
	} far[2];
} counters;

static void count(struct side *s)
{
	volatile long *n = s->variant ? &counters.far[s->me].value : &counters.near[s->me];

	for (int i = 0; i < COUNTS; i++)
		(*n)++;
}

static void sharing(void)
{
	double near = middle_of(count, 0, 1), far = middle_of(count, 1, 1);

	printf("in one line %.0f ms, in two %.0f ms: %.1f times as long\n", near, far, near / far);
}

static struct {
	_Alignas(LINE) atomic_long value;
} tally[3];

static void add_atomically(struct side *s)
{
	atomic_long *n = s->variant ? &tally[s->me].value : &tally[2].value;

	for (int i = 0; i < COUNTS; i++)
		atomic_fetch_add_explicit(n, 1, memory_order_relaxed);
}

static void bounce(void)
{
	double one = middle_of(add_atomically, 0, 1), own = middle_of(add_atomically, 1, 1);

	printf("one number for both %.0f ms, a number for each %.0f ms: %.1f times as long\n", one,
	       own, one / own);
}

/* Switches */

#define TURNS 5000

static int ball[2][2];

static void play(struct side *s)
{
	char c = 0;

	for (int i = 0; i < TURNS; i++) {
		if (s->me && read(ball[1][0], &c, 1) != 1)
			exit(1);
		if (write(ball[!s->me][1], &c, 1) != 1)
			exit(1);
		if (!s->me && read(ball[0][0], &c, 1) != 1)
			exit(1);
	}
}

static void switches(void)
{
	double one, two;

	if (pipe(ball[0]) || pipe(ball[1]))
		exit(1);
	one = middle_of(play, 0, 0);
	two = middle_of(play, 0, 1);
	printf("there and back: on one CPU %.1f us, on two %.1f us\n", one * 1e3 / TURNS,
	       two * 1e3 / TURNS);
}

/* Moves */

#define BYTES  (256 * 1024)
#define PASSES 400

static unsigned char bytes[BYTES];

static double walk(int moves)
{
	double start, sum = 0;
	volatile unsigned char *p = bytes;

	for (int i = 0; i < PASSES; i++) {
		stay_on(moves ? i % 2 : 0);
		start = now_ms();
		for (int at = 0; at < BYTES; at += 64)
			p[at]++;
		sum += now_ms() - start;
	}
	return sum * 1e3 / PASSES;
}

static void move(void)
{
	double stays = walk(0), moves = walk(1), start = now_ms();

	printf("through 256 KiB: %.1f us on the CPU of before, %.1f us on the other one\n", stays,
	       moves);
	for (int i = 0; i < PASSES; i++)
		stay_on(i % 2);
	printf("to be moved there: %.1f us\n", (now_ms() - start) * 1e3 / PASSES);
}

static const struct {
	const char *name;
	void (*run)(void);
} parts[] = {
	{ "stores", stores }, { "lost", lost },	      { "sharing", sharing },
	{ "bounce", bounce }, { "switch", switches }, { "move", move },
};

int main(int argc, char **argv)
{
	size_t i, found = 0;

	if (sysconf(_SC_NPROCESSORS_ONLN) < 2)
		return fprintf(stderr, "hardware: one CPU alone shows none of this\n"), 4;
	for (i = 0; i < sizeof(parts) / sizeof(*parts); i++) {
		if (argc > 1 && strcmp(argv[1], parts[i].name))
			continue;
		printf("%s\n", argc > 1 ? "" : parts[i].name);
		fflush(stdout);
		parts[i].run();
		found++;
	}
	return found ? 0 : 2;
}
