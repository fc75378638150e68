// SPDX-License-Identifier: GPL-2.0
/*
 * workload fifo|fair LONG_MS: on CPU 0 a long job begins, and right after it three short ones of SHORT_MS. Each
 * job is a thread, in that class. Who starts them stands on CPU 1, so that it is not in their way.
 */
#include "../play.h"

#define SHORTS	 3
#define SHORT_MS 10
#define APART_MS 20

struct job {
	char name[16];
	uint64_t work_ms, start_ms;
	bool fifo;
};

static void *run(void *arg)
{
	const struct job *j = arg;

	call_me(j->name);
	if (j->fifo)
		be(SCHED_FIFO, 10);
	sleep_until(j->start_ms);
	stay_on(0);
	if (j->name[0] == 'l') {
		oncpu_scope("long");
		burn_ms(j->work_ms);
	} else {
		oncpu_scope("short");
		burn_ms(j->work_ms);
	}
	gate(); /* nobody leaves before all are done: who exits stands in line for the CPU, too */
	return NULL;
}

int main(int argc, char **argv)
{
	bool fifo = argc > 1 && !strcmp(argv[1], "fifo");
	uint64_t begin = clock_ms(CLOCK_MONOTONIC) + 100;
	struct job jobs[1 + SHORTS];
	pthread_t threads[1 + SHORTS];
	int i;

	stay_on(1);
	gate_for(1 + SHORTS);
	for (i = 0; i <= SHORTS; i++) {
		jobs[i] = (struct job){ .work_ms = i ? SHORT_MS : (uint64_t)argument(argc, argv, 2),
					.start_ms = begin + (uint64_t)i * APART_MS,
					.fifo = fifo };
		snprintf(jobs[i].name, sizeof(jobs[i].name), i ? "short-%d" : "long", i);
		threads[i] = start(run, &jobs[i]);
	}
	for (i = 0; i <= SHORTS; i++)
		join(threads[i]);
	return 0;
}
