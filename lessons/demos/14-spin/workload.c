// SPDX-License-Identifier: GPL-2.0
/*
 * workload short ROUNDS: two threads on two CPUs, with very short sections, first spinning, then blocking.
 * workload spin|block CPUS WAITERS ROUNDS: a holder has the lock for SECTION_MS, and so many wait for it.
 */
#include "../play.h"

#define SECTION_MS 10
#define MOST	   6
#define MOMENT	   100 /* additions */

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static bool taken; /* the spinlock */
static volatile bool over, held;
static volatile long counter;
static bool spinning;
static long cpus, rounds;

static void lock(void)
{
	if (!spinning)
		pthread_mutex_lock(&mutex);
	else
		while (__atomic_exchange_n(&taken, true, __ATOMIC_ACQUIRE))
			while (__atomic_load_n(&taken, __ATOMIC_RELAXED))
				;
}

static void unlock(void)
{
	if (!spinning)
		pthread_mutex_unlock(&mutex);
	else
		__atomic_store_n(&taken, false, __ATOMIC_RELEASE);
}

/* About a microsecond. */
static void moment(volatile long *what)
{
	int i;

	for (i = 0; i < MOMENT; i++)
		++*what;
}

static void many_short(void)
{
	volatile long outside = 0;
	long i;

	for (i = 0; i < rounds; i++) {
		lock();
		moment(&counter);
		unlock();
		moment(&outside);
	}
}

static void *short_sections(void *arg)
{
	call_me(arg ? "second" : "first");
	stay_on(arg ? 1 : 0);
	spinning = true;
	gate();
	oncpu_begin("short, spinning");
	many_short();
	oncpu_end("short, spinning");
	gate();
	spinning = false;
	gate();
	oncpu_begin("short, blocking");
	many_short();
	oncpu_end("short, blocking");
	return arg;
}

static void *holder(void *arg)
{
	long i;

	call_me("holder");
	stay_on(0);
	gate();
	for (i = 0; i < rounds; i++) {
		lock();
		held = true;
		oncpu_begin("section");
		burn_ms(SECTION_MS);
		oncpu_end("section");
		held = false;
		unlock();
		sleep_ms(2 * SECTION_MS);
	}
	over = true;
	return arg;
}

/* It comes when the lock is taken, and has little to do once it has it. */
static void *waiter(void *arg)
{
	char name[32];

	snprintf(name, sizeof(name), "waiter-%ld", (long)arg);
	call_me(name);
	stay_on(cpus > 1 ? 1 : 0);
	gate();
	while (!over) {
		if (!held) {
			sleep_ms(1);
			continue;
		}
		oncpu_begin("wait");
		lock();
		oncpu_end("wait");
		unlock();
	}
	return NULL;
}

static void long_sections(long waiters)
{
	pthread_t threads[MOST + 1];
	long i;

	must(waiters <= MOST, "have so many waiters");
	gate_for((unsigned int)waiters + 1);
	threads[0] = start(holder, NULL);
	for (i = 1; i <= waiters; i++)
		threads[i] = start(waiter, (void *)i);
	for (i = 0; i <= waiters; i++)
		join(threads[i]);
}

int main(int argc, char **argv)
{
	const char *kind = argc > 1 ? argv[1] : "";
	pthread_t threads[2];

	if (strcmp(kind, "short")) {
		spinning = !strcmp(kind, "spin");
		cpus = argument(argc, argv, 2);
		rounds = argument(argc, argv, 4);
		long_sections(argument(argc, argv, 3));
		return 0;
	}
	rounds = argument(argc, argv, 2);
	gate_for(2);
	threads[0] = start(short_sections, NULL);
	threads[1] = start(short_sections, "second");
	join(threads[0]);
	join(threads[1]);
	printf("counter %ld\n", counter);
	return 0;
}
