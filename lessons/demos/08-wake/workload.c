// SPDX-License-Identifier: GPL-2.0
/*
 * workload CLASS OWN_US HOGS_MS TIMES: on CPU 0 two hogs that asked for slices of HOGS_MS, and a sleeper that wakes
 * up every 20 ms, works a little and sleeps again, so many times. CLASS: normal or batch, of the sleeper; OWN_US:
 * the slice that it asked for (0: none).
 */
#include "../play.h"

#define PERIOD_MS 20
#define WORK_MS	  1

static volatile bool over;
static long wakes;
static struct attributes of_hogs, of_sleeper;

static void ask(struct attributes a)
{
	errno = -set_attributes(&a);
	must(!errno, "ask for a slice");
}

static void *hog(void *arg)
{
	call_me(arg);
	stay_on(0);
	ask(of_hogs);
	gate();
	while (!over)
		burn_ms(1);
	return NULL;
}

static void *sleeper(void *arg)
{
	uint64_t next;
	long i;

	call_me("sleeper");
	stay_on(0);
	ask(of_sleeper);
	gate();
	next = clock_ms(CLOCK_MONOTONIC);
	oncpu_begin("wakes");
	for (i = 0; i < wakes; i++) {
		next += PERIOD_MS;
		sleep_until(next);
		burn_ms(WORK_MS);
	}
	oncpu_end("wakes");
	over = true;
	return arg;
}

int main(int argc, char **argv)
{
	pthread_t threads[3];
	int i;

	of_sleeper.policy = argc > 1 && !strcmp(argv[1], "batch") ? SCHED_BATCH : SCHED_OTHER;
	of_sleeper.runtime_ns = (uint64_t)argument(argc, argv, 2) * 1000;
	of_hogs.policy = SCHED_OTHER;
	of_hogs.runtime_ns = (uint64_t)argument(argc, argv, 3) * 1000000;
	wakes = argument(argc, argv, 4);
	stay_on(1);
	gate_for(3);
	threads[0] = start(hog, "hog-1");
	threads[1] = start(hog, "hog-2");
	threads[2] = start(sleeper, NULL);
	for (i = 0; i < 3; i++)
		join(threads[i]);
	return 0;
}
