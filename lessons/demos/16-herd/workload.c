// SPDX-License-Identifier: GPL-2.0
/*
 * workload broadcast|signal|epoll|exclusive THREADS EVENTS: so many threads wait for items, which come one by one with
 * time between them. The first two: at a condition variable. The others: each in its own epoll, at one eventfd.
 */
#include "../play.h"

#include <sys/epoll.h>
#include <sys/eventfd.h>

#define MOST   64
#define GAP_MS 100 /* for all to be asleep again */

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t more = PTHREAD_COND_INITIALIZER;
static long items;
static volatile bool over;
static bool by_condition, to_all;
static int event;

static void *at_condition(void *arg)
{
	call_me(arg);
	gate();
	pthread_mutex_lock(&lock);
	while (!over) {
		if (items) {
			items--;
			oncpu_point("item", 1);
		}
		pthread_cond_wait(&more, &lock);
	}
	pthread_mutex_unlock(&lock);
	return NULL;
}

static void *at_epoll(void *arg)
{
	struct epoll_event e = { .events = EPOLLIN | (to_all ? 0 : EPOLLEXCLUSIVE) };
	int set = epoll_create1(EPOLL_CLOEXEC);
	uint64_t one;

	call_me(arg);
	must(set >= 0 && !epoll_ctl(set, EPOLL_CTL_ADD, event, &e), "wait for the event");
	gate();
	while (!over) {
		if (epoll_wait(set, &e, 1, -1) == 1 && read(event, &one, sizeof(one)) > 0 && !over)
			oncpu_point("item", 1);
	}
	close(set);
	return NULL;
}

static void bring_item(void)
{
	uint64_t one = 1;

	if (!by_condition) {
		must(write(event, &one, sizeof(one)) == sizeof(one), "write to the eventfd");
		return;
	}
	pthread_mutex_lock(&lock);
	items++;
	if (to_all)
		pthread_cond_broadcast(&more);
	else
		pthread_cond_signal(&more);
	pthread_mutex_unlock(&lock);
}

/* Where a write wakes one, each has to be written to. */
static void end_all(long nr)
{
	uint64_t one = 1;

	pthread_mutex_lock(&lock);
	over = true;
	pthread_cond_broadcast(&more);
	pthread_mutex_unlock(&lock);
	while (!by_condition && nr-- > 0)
		must(write(event, &one, sizeof(one)) == sizeof(one), "write to the eventfd");
}

int main(int argc, char **argv)
{
	const char *kind = argc > 1 ? argv[1] : "";
	long nr = argument(argc, argv, 2), events = argument(argc, argv, 3), i;
	pthread_t threads[MOST];
	char names[MOST][32];

	must(nr <= MOST, "have so many threads");
	to_all = !strcmp(kind, "broadcast") || !strcmp(kind, "epoll");
	by_condition = !strcmp(kind, "broadcast") || !strcmp(kind, "signal");
	event = eventfd(0, EFD_NONBLOCK | EFD_SEMAPHORE);
	call_me("bringer");
	gate_for((unsigned int)nr + 1);
	for (i = 0; i < nr; i++) {
		snprintf(names[i], sizeof(names[i]), "worker-%ld", i + 1);
		threads[i] = start(by_condition ? at_condition : at_epoll, names[i]);
	}
	gate();
	for (i = 0; i < events; i++) {
		sleep_ms(GAP_MS);
		oncpu_point("event", (uint64_t)i);
		bring_item();
	}
	sleep_ms(GAP_MS);
	oncpu_point("event", (uint64_t)events);
	end_all(nr);
	for (i = 0; i < nr; i++)
		join(threads[i]);
	return 0;
}
