// SPDX-License-Identifier: GPL-2.0
/*
 * Threads that work in phases, with the learner's barrier after each.
 *
 *	barrier phases THREADS PHASES    in each phase another thread is the slow one
 *	barrier race THREADS PHASES      for the explorer: no time passes
 */
#include <assert.h>
#include <oncpu/mark.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "barrier.h"

#define MAX_THREADS 16
#define MAX_PHASES  64

struct team {
	struct barrier *barrier;
	int threads, phases;
	bool small;			    /* for the explorer: ends where it goes wrong */
	atomic_int came[MAX_PHASES], early; /* relaxed: they order nothing */
	int wrote[MAX_THREADS]; /* the phase of each: the barrier is to let all others see it */
};

struct member {
	struct team *team;
	int me, step_ms;
	pthread_t thread;
};

static void sleep_ms(int ms)
{
	struct timespec t = { .tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000L };

	if (ms)
		nanosleep(&t, NULL);
}

static void come(struct member *m, int phase)
{
	struct team *t = m->team;
	bool all;

	oncpu_point("come", phase);
	atomic_fetch_add_explicit(&t->came[phase], 1, memory_order_relaxed);
	oncpu_begin("wait");
	barrier_wait(t->barrier, m->me);
	oncpu_end("wait");
	oncpu_point("go", phase);
	all = atomic_load_explicit(&t->came[phase], memory_order_relaxed) == t->threads;
	assert((all || !t->small) && "a thread went on before all had come");
	atomic_fetch_add_explicit(&t->early, !all, memory_order_relaxed);
}

/* One writes while the others only may before the barrier; all read between it and the next. */
static void work(struct member *m, int phase)
{
	struct team *t = m->team;

	sleep_ms(m->step_ms * ((m->me + phase) % t->threads));
	t->wrote[m->me] = phase + 1;
	come(m, phase);
}

static void *be_member(void *arg)
{
	struct member *m = arg;
	struct team *t = m->team;
	char name[16];

	snprintf(name, sizeof(name), "member-%d", m->me);
	pthread_setname_np(pthread_self(), name);
	for (int phase = 0; phase < t->phases; phase += 2) {
		work(m, phase);
		for (int i = 0; i < t->threads; i++)
			if (t->wrote[i] != phase + 1)
				atomic_fetch_add_explicit(&t->early, 1, memory_order_relaxed);
		if (phase + 1 < t->phases)
			come(m, phase + 1); /* before anybody writes again */
	}
	return NULL;
}

static void run(struct team *t, int threads, int phases, int step_ms)
{
	struct member members[MAX_THREADS];

	t->threads = threads;
	t->phases = phases;
	t->barrier = barrier_new(threads);
	if (!t->barrier) {
		fprintf(stderr, "barrier_new(%d) returned NULL\n", threads);
		exit(1);
	}
	for (int i = 0; i < threads; i++) {
		members[i] = (struct member){ .team = t, .me = i, .step_ms = step_ms };
		if (pthread_create(&members[i].thread, NULL, be_member, &members[i])) {
			perror("barrier: thread");
			exit(1);
		}
	}
	for (int i = 0; i < threads; i++)
		pthread_join(members[i].thread, NULL);
	barrier_free(t->barrier);
}

static int number(int argc, char **argv, int i, int otherwise, int most)
{
	int n = argc > i ? atoi(argv[i]) : otherwise;

	return n < 1 ? 1 : n > most ? most : n;
}

int main(int argc, char **argv)
{
	static struct team team;
	const char *name = argc > 1 ? argv[1] : "phases";
	int threads = number(argc, argv, 2, 4, MAX_THREADS);
	int phases = number(argc, argv, 3, 6, MAX_PHASES);

	if (!strcmp(name, "phases")) {
		run(&team, threads, phases, 6);
		printf("threads %d\nphases %d\nearly %d\n", threads, phases, team.early);
		return 0;
	}
	if (!strcmp(name, "race")) {
		team.small = true;
		run(&team, threads, phases, 0);
		assert(!team.early && "another's work of this phase was not done");
		return 0;
	}
	fprintf(stderr, "usage: barrier phases|race THREADS PHASES\n");
	return 2;
}
