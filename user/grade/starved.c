// SPDX-License-Identifier: GPL-2.0
#include <pthread.h>
#include <sched.h>
#include <stdint.h>
#include <stdlib.h>

#include "lib/clock.h"
#include "grade/starved.h"

#define PIECES	   200
#define PIECE_LOOP 20000
#define MOST_CPUS  16

struct worker {
	pthread_t thread;
	int cpu;
	double slower;
};

static int by_length(const void *a, const void *b)
{
	const uint64_t *x = a, *y = b;

	return *x < *y ? -1 : *x > *y;
}

/* The middle one is what a piece takes undisturbed: a CPU is taken away for many pieces at once. */
static void *work(void *arg)
{
	struct worker *w = arg;
	uint64_t took[PIECES], start, sum = 0;
	volatile unsigned int n;
	cpu_set_t set;
	int i;

	CPU_ZERO(&set);
	CPU_SET(w->cpu, &set);
	sched_setaffinity(0, sizeof(set), &set);
	for (i = 0; i < PIECES; i++) {
		start = now_ns();
		for (n = 0; n < PIECE_LOOP; n++)
			;
		took[i] = now_ns() - start;
		sum += took[i];
	}
	qsort(took, PIECES, sizeof(*took), by_length);
	w->slower = (double)sum / (double)(took[PIECES / 2] * PIECES + 1);
	return NULL;
}

double starved(void)
{
	struct worker workers[MOST_CPUS];
	double worst = 0;
	cpu_set_t set;
	int cpu, n = 0, i;

	if (sched_getaffinity(0, sizeof(set), &set))
		return 0;
	for (cpu = 0; cpu < CPU_SETSIZE && n < MOST_CPUS; cpu++) {
		if (!CPU_ISSET(cpu, &set))
			continue;
		workers[n] = (struct worker){ .cpu = cpu };
		n += !pthread_create(&workers[n].thread, NULL, work, &workers[n]);
	}
	for (i = 0; i < n; i++) {
		pthread_join(workers[i].thread, NULL);
		worst = workers[i].slower > worst ? workers[i].slower : worst;
	}
	return worst;
}
