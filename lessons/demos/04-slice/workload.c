// SPDX-License-Identifier: GPL-2.0
/* workload MS SLICE_US: two hogs share CPU 0 for so long; each asks for that slice (0: none, the kernel's). */
#include "../play.h"

struct hog {
	const char *name;
	uint64_t slice_us, ms;
};

static void *run(void *arg)
{
	const struct hog *h = arg;
	struct attributes a = { .policy = SCHED_OTHER, .runtime_ns = h->slice_us * 1000 };

	call_me(h->name);
	stay_on(0);
	errno = -set_attributes(&a);
	must(!errno, "ask for a slice");
	errno = -get_attributes(&a);
	must(!errno, "read the slice");
	if (!strcmp(h->name, "first"))
		printf("slice_us %llu\n", (unsigned long long)a.runtime_ns / 1000);
	gate();
	oncpu_begin("hog");
	burn_until(clock_ms(CLOCK_MONOTONIC) + h->ms);
	oncpu_end("hog");
	return NULL;
}

int main(int argc, char **argv)
{
	uint64_t ms = (uint64_t)argument(argc, argv, 1);
	uint64_t slice = (uint64_t)argument(argc, argv, 2);
	struct hog hogs[] = { { "first", slice, ms }, { "second", slice, ms } };
	pthread_t threads[2];
	int i;

	gate_for(2);
	for (i = 0; i < 2; i++)
		threads[i] = start(run, &hogs[i]);
	for (i = 0; i < 2; i++)
		join(threads[i]);
	return 0;
}
