// SPDX-License-Identifier: GPL-2.0
/*
 * workload MS SHORT_MS LONG_MS: three hogs of one weight share CPU 0 for so long. The first asks for slices of
 * SHORT_MS, the others for slices of LONG_MS.
 */
#include "../play.h"

struct hog {
	const char *name;
	uint64_t slice_ms, ms;
};

static void *run(void *arg)
{
	const struct hog *h = arg;
	struct attributes a = { .policy = SCHED_OTHER, .runtime_ns = h->slice_ms * 1000000 };

	call_me(h->name);
	stay_on(0);
	errno = -set_attributes(&a);
	must(!errno, "ask for a slice");
	errno = -get_attributes(&a);
	must(!errno, "read the slice");
	printf("%s_ms %llu\n", h->name, (unsigned long long)a.runtime_ns / 1000000);
	gate();
	oncpu_begin("hog");
	burn_until(clock_ms(CLOCK_MONOTONIC) + h->ms);
	oncpu_end("hog");
	return NULL;
}

int main(int argc, char **argv)
{
	uint64_t ms = (uint64_t)argument(argc, argv, 1);
	uint64_t few = (uint64_t)argument(argc, argv, 2), many = (uint64_t)argument(argc, argv, 3);
	struct hog hogs[] = { { "short", few, ms },
			      { "long-1", many, ms },
			      { "long-2", many, ms } };
	pthread_t threads[3];
	int i;

	gate_for(3);
	for (i = 0; i < 3; i++)
		threads[i] = start(run, &hogs[i]);
	for (i = 0; i < 3; i++)
		join(threads[i]);
	return 0;
}
