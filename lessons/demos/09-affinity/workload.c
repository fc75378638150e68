// SPDX-License-Identifier: GPL-2.0
/* workload free|pinned MS: three hogs on two CPUs for so long; pinned: the first two share CPU 0. */
#include "../play.h"

#define HOGS 3

static uint64_t ms;
static bool pinned;

static void *run(void *arg)
{
	char name[16];

	snprintf(name, sizeof(name), "hog-%ld", (long)arg);
	call_me(name);
	if (pinned)
		stay_on((long)arg == HOGS ? 1 : 0);
	gate();
	oncpu_begin("hog");
	burn_until(clock_ms(CLOCK_MONOTONIC) + ms);
	oncpu_end("hog");
	return NULL;
}

int main(int argc, char **argv)
{
	pthread_t threads[HOGS];
	long i;

	pinned = argc > 1 && !strcmp(argv[1], "pinned");
	ms = (uint64_t)argument(argc, argv, 2);
	gate_for(HOGS);
	for (i = 0; i < HOGS; i++)
		threads[i] = start(run, (void *)(i + 1));
	for (i = 0; i < HOGS; i++)
		join(threads[i]);
	return 0;
}
