// SPDX-License-Identifier: GPL-2.0
/* workload HOGS MS: so many hogs on CPU 0, for so long. */
#include "../play.h"

#define MOST 16

static uint64_t ms;

static void *hog(void *arg)
{
	char name[32];

	snprintf(name, sizeof(name), "hog-%ld", (long)arg + 1);
	call_me(name);
	stay_on(0);
	gate();
	oncpu_begin("hog");
	burn_until(clock_ms(CLOCK_MONOTONIC) + ms);
	oncpu_end("hog");
	return NULL;
}

int main(int argc, char **argv)
{
	long nr = argument(argc, argv, 1), i;
	pthread_t threads[MOST];

	must(nr <= MOST, "have so many hogs");
	ms = (uint64_t)argument(argc, argv, 2);
	stay_on(1);
	gate_for((unsigned int)nr);
	for (i = 0; i < nr; i++)
		threads[i] = start(hog, (void *)i);
	for (i = 0; i < nr; i++)
		join(threads[i]);
	return 0;
}
