// SPDX-License-Identifier: GPL-2.0
/* workload MS NICE: two hogs share CPU 0 for so long, the first with nice 0, the second with NICE. */
#include "../play.h"

struct hog {
	const char *name;
	long nice;
	uint64_t ms;
};

static void *run(void *arg)
{
	const struct hog *h = arg;

	call_me(h->name);
	stay_on(0);
	be_nice(h->nice);
	gate();
	oncpu_begin("hog");
	burn_until(clock_ms(CLOCK_MONOTONIC) + h->ms);
	oncpu_end("hog");
	return NULL;
}

int main(int argc, char **argv)
{
	uint64_t ms = (uint64_t)argument(argc, argv, 1);
	struct hog hogs[] = { { "first", 0, ms }, { "second", argument(argc, argv, 2), ms } };
	pthread_t threads[2];
	int i;

	gate_for(2);
	for (i = 0; i < 2; i++)
		threads[i] = start(run, &hogs[i]);
	for (i = 0; i < 2; i++)
		join(threads[i]);
	return 0;
}
