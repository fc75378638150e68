// SPDX-License-Identifier: GPL-2.0
/*
 * Visitors of a place that has room for a few of them, behind the learner's gate.
 *
 *	gate crowd PERMITS VISITORS    they come one by one, and more than have room
 *	gate stay                      one stays for long, others come and go beside it; and a second gate
 *	gate race PERMITS VISITORS TIMES    for the explorer: no time passes
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

#include "gate.h"

#define MAX_VISITORS 16

struct place {
	struct gate *gate;
	int permits;
	bool small;				   /* for the explorer: ends where it goes wrong */
	atomic_int inside, most, too_many, visits; /* relaxed: they order nothing */
	int guests; /* in the book, which only one at a time may write in: where there is one permit */
};

struct visitor {
	struct place *place;
	int number, after_ms, times, stay_ms, visits_beside;
	struct visitor *follows; /* comes when that one is inside */
	atomic_int is_in;
	pthread_t thread;
};

static void sleep_ms(int ms)
{
	struct timespec t = { .tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000L };

	if (ms)
		nanosleep(&t, NULL);
}

static void walk_in(struct place *p)
{
	int n = atomic_fetch_add_explicit(&p->inside, 1, memory_order_relaxed) + 1;
	int most = atomic_load_explicit(&p->most, memory_order_relaxed);

	while (n > most && !atomic_compare_exchange_weak_explicit(
				   &p->most, &most, n, memory_order_relaxed, memory_order_relaxed))
		;
	assert((!p->small || n <= p->permits) && "more were inside than there are permits");
	if (n > p->permits)
		atomic_fetch_add_explicit(&p->too_many, 1, memory_order_relaxed);
}

static void walk_out(struct place *p)
{
	atomic_fetch_add_explicit(&p->visits, 1, memory_order_relaxed);
	atomic_fetch_sub_explicit(&p->inside, 1, memory_order_relaxed);
}

static void visit(struct visitor *v)
{
	oncpu_begin("enter");
	gate_enter(v->place->gate);
	oncpu_end("enter");
	oncpu_begin("inside");
	walk_in(v->place);
	v->visits_beside = -atomic_load_explicit(&v->place->visits, memory_order_relaxed);
	atomic_store_explicit(&v->is_in, 1, memory_order_relaxed);
	if (v->place->permits == 1)
		v->place->guests++;
	sleep_ms(v->stay_ms);
	v->visits_beside += atomic_load_explicit(&v->place->visits, memory_order_relaxed);
	walk_out(v->place);
	oncpu_end("inside");
	gate_leave(v->place->gate);
}

static void *come(void *arg)
{
	struct visitor *v = arg;
	char name[16];

	snprintf(name, sizeof(name), "visitor-%d", v->number);
	pthread_setname_np(pthread_self(), name);
	for (int i = 0; v->follows && i < 2000 && !v->follows->is_in; i++)
		sleep_ms(1);
	sleep_ms(v->after_ms);
	for (int i = 0; i < v->times; i++)
		visit(v);
	return NULL;
}

static void open_place(struct place *p, int permits)
{
	p->permits = permits;
	p->gate = gate_new(permits);
	if (!p->gate) {
		fprintf(stderr, "gate_new(%d) returned NULL\n", permits);
		exit(1);
	}
}

static void come_all(struct visitor *visitors, int n)
{
	for (int i = 0; i < n; i++) {
		visitors[i].number = i;
		if (pthread_create(&visitors[i].thread, NULL, come, &visitors[i])) {
			perror("gate: thread");
			exit(1);
		}
	}
	for (int i = 0; i < n; i++)
		pthread_join(visitors[i].thread, NULL);
}

/* Each stays as long as `permits` of them need to come: the place is full, and nobody leaves together. */
static void crowd(struct place *p, int permits, int n)
{
	struct visitor visitors[MAX_VISITORS];

	open_place(p, permits);
	for (int i = 0; i < n; i++)
		visitors[i] = (struct visitor){
			.place = p, .after_ms = 5 * i, .times = 2, .stay_ms = 8 * permits
		};
	come_all(visitors, n);
	gate_free(p->gate);
	printf("visits %d\nmost %d\ntoo_many %d\n", p->visits, p->most, p->too_many);
}

static void stay(struct place *p, struct place *q)
{
	struct visitor visitors[] = {
		{ .place = p, .times = 1, .stay_ms = 200 },
		{ .place = p, .follows = visitors, .after_ms = 10, .times = 4, .stay_ms = 5 },
		{ .place = p, .follows = visitors, .after_ms = 12, .times = 4, .stay_ms = 5 },
		{ .place = q, .follows = visitors, .after_ms = 14, .times = 2, .stay_ms = 5 },
	};

	open_place(p, 2);
	open_place(q, 1);
	come_all(visitors, 4);
	gate_free(p->gate);
	gate_free(q->gate);
	printf("visits %d\ntoo_many %d\nbeside %d\n", p->visits + q->visits,
	       p->too_many + q->too_many, visitors[0].visits_beside);
}

static void race(struct place *p, int permits, int n, int times)
{
	struct visitor visitors[MAX_VISITORS];

	p->small = true;
	open_place(p, permits);
	for (int i = 0; i < n; i++)
		visitors[i] = (struct visitor){ .place = p, .times = times };
	come_all(visitors, n);
	gate_free(p->gate);
	assert((permits > 1 || p->guests == n * times) && "not all who came are in the book");
}

static int number(int argc, char **argv, int i, int otherwise)
{
	int n = argc > i ? atoi(argv[i]) : otherwise;

	return n < 1 ? 1 : n > MAX_VISITORS ? MAX_VISITORS : n;
}

int main(int argc, char **argv)
{
	static struct place here, there;
	const char *name = argc > 1 ? argv[1] : "crowd";

	if (!strcmp(name, "crowd"))
		crowd(&here, number(argc, argv, 2, 3), number(argc, argv, 3, 8));
	else if (!strcmp(name, "stay"))
		stay(&here, &there);
	else if (!strcmp(name, "race"))
		race(&here, number(argc, argv, 2, 2), number(argc, argv, 3, 3),
		     number(argc, argv, 4, 2));
	else
		return fprintf(stderr, "usage: gate crowd|stay|race\n"), 2;
	return 0;
}
