// SPDX-License-Identifier: GPL-2.0
/*
 * workload RUNTIME_MS PERIOD_MS MS: a hog on each CPU, and a thread of SCHED_DEADLINE that would use a whole CPU, too.
 * Then threads ask for half a CPU each, and keep it, until the kernel refuses.
 */
#include "../play.h"

#include <semaphore.h>

#define MORE	   6
#define MORE_MS	   50
#define MORE_OF_MS 100
#define DEADLINE   6 /* SCHED_DEADLINE, which older headers do not have */

static uint64_t ms, runtime_ms, period_ms;
static sem_t answered, over;
static int refusal;

static int reserve(uint64_t runtime, uint64_t period)
{
	struct attributes a = { .policy = DEADLINE,
				.runtime_ns = runtime * 1000000,
				.deadline_ns = period * 1000000,
				.period_ns = period * 1000000 };

	return set_attributes(&a);
}

static void *hog(void *arg)
{
	char name[16];

	snprintf(name, sizeof(name), "hog-%ld", (long)arg);
	call_me(name);
	stay_on((int)(long)arg);
	gate();
	burn_until(clock_ms(CLOCK_MONOTONIC) + ms);
	return NULL;
}

static void *punctual(void *arg)
{
	call_me("punctual");
	errno = -reserve(runtime_ms, period_ms);
	must(!errno, "reserve that time");
	gate();
	oncpu_begin("reserved");
	burn_until(clock_ms(CLOCK_MONOTONIC) + ms);
	oncpu_end("reserved");
	return arg;
}

static void *asker(void *arg)
{
	call_me("asker");
	refusal = -reserve(MORE_MS, MORE_OF_MS);
	sem_post(&answered);
	while (sem_wait(&over))
		;
	return arg;
}

static void ask_for_more(void)
{
	pthread_t threads[MORE];
	int n = 0, i;

	do {
		threads[n++] = start(asker, NULL);
		while (sem_wait(&answered))
			;
	} while (!refusal && n < MORE);
	printf("granted %d\nrefused_busy %d\n", refusal ? n - 1 : n, refusal == EBUSY);
	for (i = 0; i < n; i++)
		sem_post(&over);
	for (i = 0; i < n; i++)
		join(threads[i]);
}

int main(int argc, char **argv)
{
	pthread_t threads[3];
	long i;

	runtime_ms = (uint64_t)argument(argc, argv, 1);
	period_ms = (uint64_t)argument(argc, argv, 2);
	ms = (uint64_t)argument(argc, argv, 3);
	sem_init(&answered, 0, 0);
	sem_init(&over, 0, 0);
	gate_for(3);
	for (i = 0; i < 2; i++)
		threads[i] = start(hog, (void *)i);
	threads[2] = start(punctual, NULL);
	for (i = 0; i < 3; i++)
		join(threads[i]);
	ask_for_more();
	return 0;
}
