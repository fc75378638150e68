// SPDX-License-Identifier: GPL-2.0
/*
 * workload alone|one|two ROUNDS: a byte goes through two pipes and back, so many times: by one thread, by two on one
 * CPU, or by two on a CPU each.
 */
#include "../play.h"

static int there[2], back[2];
static long rounds;
static bool on_two;

static void pass(int from, int to)
{
	char byte = 1;

	if (from >= 0)
		must(read(from, &byte, 1) == 1, "read from the pipe");
	if (to >= 0)
		must(write(to, &byte, 1) == 1, "write to the pipe");
}

static uint64_t now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000000 + (uint64_t)t.tv_nsec;
}

static int by_value(const void *a, const void *b)
{
	const uint64_t *x = a, *y = b;

	return *x < *y ? -1 : *x > *y;
}

/* The middle one of the rounds: an emulated CPU stands still now and then. */
static void play(void (*one_round)(void))
{
	uint64_t *each = calloc((size_t)rounds, sizeof(*each)), began;
	long i;

	must(each, "have so many rounds");
	oncpu_begin("rounds");
	for (i = 0; i < rounds; i++) {
		began = now_ns();
		one_round();
		each[i] = now_ns() - began;
	}
	oncpu_end("rounds");
	qsort(each, (size_t)rounds, sizeof(*each), by_value);
	printf("ns %llu\n", (unsigned long long)each[rounds / 2]);
	free(each);
}

static void with_pong(void)
{
	pass(-1, there[1]);
	pass(back[0], -1);
}

static void by_itself(void)
{
	pass(-1, there[1]);
	pass(there[0], back[1]);
	pass(back[0], -1);
}

static void *ping(void *arg)
{
	call_me("ping");
	stay_on(0);
	gate();
	play(with_pong);
	return arg;
}

static void *pong(void *arg)
{
	long i;

	call_me("pong");
	stay_on(on_two ? 1 : 0);
	gate();
	for (i = 0; i < rounds; i++)
		pass(there[0], back[1]);
	return arg;
}

/* The same four system calls a round, by one thread. */
static void *alone(void *arg)
{
	call_me("alone");
	stay_on(0);
	play(by_itself);
	return arg;
}

int main(int argc, char **argv)
{
	const char *kind = argc > 1 ? argv[1] : "";
	pthread_t a, b;

	rounds = argument(argc, argv, 2);
	on_two = !strcmp(kind, "two");
	must(!pipe(there) && !pipe(back), "make pipes");
	gate_for(2);
	if (!strcmp(kind, "alone")) {
		join(start(alone, NULL));
		return 0;
	}
	a = start(ping, NULL);
	b = start(pong, NULL);
	join(a);
	join(b);
	return 0;
}
