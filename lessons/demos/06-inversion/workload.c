// SPDX-License-Identifier: GPL-2.0
/*
 * workload plain|inherit SECTION_MS MEDIUM_MS: on CPU 0, all SCHED_FIFO. "low" takes a lock and works in it for
 * SECTION_MS; a little later "high" wants the lock, and right after that "medium" wants only the CPU, for MEDIUM_MS.
 */
#include "../play.h"

#define HIGH_AFTER_MS	20
#define MEDIUM_AFTER_MS 40

static pthread_mutex_t lock;
static uint64_t begin_ms, section_ms, medium_ms;

static void *low(void *arg)
{
	call_me("low");
	stay_on(0);
	be(SCHED_FIFO, 10);
	pthread_mutex_lock(&lock);
	oncpu_begin("section");
	begin_ms = clock_ms(CLOCK_MONOTONIC);
	gate();
	burn_ms(section_ms);
	oncpu_end("section");
	pthread_mutex_unlock(&lock);
	return arg;
}

static void *high(void *arg)
{
	call_me("high");
	stay_on(0);
	be(SCHED_FIFO, 30);
	gate();
	sleep_until(begin_ms + HIGH_AFTER_MS);
	oncpu_begin("wants the lock");
	pthread_mutex_lock(&lock);
	oncpu_end("wants the lock");
	pthread_mutex_unlock(&lock);
	return arg;
}

static void *medium(void *arg)
{
	call_me("medium");
	stay_on(0);
	be(SCHED_FIFO, 20);
	gate();
	sleep_until(begin_ms + MEDIUM_AFTER_MS);
	oncpu_begin("medium");
	burn_ms(medium_ms);
	oncpu_end("medium");
	return arg;
}

int main(int argc, char **argv)
{
	bool inherit = argc > 1 && !strcmp(argv[1], "inherit");
	pthread_mutexattr_t a;
	pthread_t threads[3];
	int i;

	stay_on(1);
	section_ms = (uint64_t)argument(argc, argv, 2);
	medium_ms = (uint64_t)argument(argc, argv, 3);
	pthread_mutexattr_init(&a);
	pthread_mutexattr_setprotocol(&a, inherit ? PTHREAD_PRIO_INHERIT : PTHREAD_PRIO_NONE);
	pthread_mutex_init(&lock, &a);
	gate_for(3);
	threads[0] = start(high, NULL);
	threads[1] = start(medium, NULL);
	threads[2] = start(low, NULL);
	for (i = 0; i < 3; i++)
		join(threads[i]);
	return 0;
}
