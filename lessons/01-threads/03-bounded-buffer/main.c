// SPDX-License-Identifier: GPL-2.0
/*
 * Producers put into a bounded buffer, consumers get.
 *
 *	slow              first the consumers are slow, then the producers
 *	full              room for three, producers with ten items, and nobody to get them
 *	empty             three consumers, and nothing there
 *	drain             closed with three items in it
 *	race P C CAPACITY N   P producers put N items each, C consumers get all, until it is closed
 *	once N CAPACITY       N producers put an item each, N consumers get one each, it stays open
 *	refill N CAPACITY     it is full, N more producers put an item each, then all is got
 *
 * The last three are for the explorer.
 */
#include <oncpu/mark.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bounded_buffer.h"

#define MAX_THREADS 8
#define MAX_ITEMS   100 /* of a producer: item 203 is the fourth of producer 2 */
#define MAX_GOT	    (MAX_THREADS * MAX_ITEMS)

struct side {
	struct buffer *buffer;
	int number, nr_items; /* 0 for a consumer: until the buffer is closed */
	int pause_ms;	      /* of a producer before each item, of a consumer after it */
	atomic_int done;      /* calls that put an item, or got one */
	int got[MAX_GOT];
	pthread_t thread;
};

static void nap(int ms)
{
	if (ms)
		usleep((useconds_t)ms * 1000);
}

/*
 * For the explorer: what must be in the buffer by what has been put, and at most may be by what has been
 * asked for. Relaxed: they must not order anything that the learner's code does not.
 */
static atomic_int were_put, will_be_put, were_got, will_be_got;
static int capacity_of; /* 0: it is not looked at */

static int add(atomic_int *n)
{
	return atomic_fetch_add_explicit(n, 1, memory_order_relaxed) + 1;
}

static int now(atomic_int *n)
{
	return atomic_load_explicit(n, memory_order_relaxed);
}

static void complain_of_put(void)
{
	int in_it = add(&were_put) - now(&will_be_got);

	if (!capacity_of || in_it <= capacity_of)
		return;
	fprintf(stderr, "bb_put() went on although it was full: %d items are in a buffer for %d\n",
		in_it, capacity_of);
	exit(1);
}

static void complain_of_get(void)
{
	int got = add(&were_got), put = now(&will_be_put);

	if (!capacity_of || got <= put)
		return;
	fprintf(stderr,
		"bb_get() went on although it was empty: %d items were put, and it gave %d\n", put,
		got);
	exit(1);
}

static void put(struct side *s, int item)
{
	add(&will_be_put);
	oncpu_begin("put");
	bb_put(s->buffer, item);
	oncpu_end("put");
	complain_of_put();
	atomic_fetch_add_explicit(&s->done, 1, memory_order_relaxed);
}

static bool get(struct side *s, int *item)
{
	bool there;
	int nr;

	add(&will_be_got);
	oncpu_begin("get");
	there = bb_get(s->buffer, item);
	oncpu_end("get");
	if (!there)
		return false;
	complain_of_get();
	nr = atomic_fetch_add_explicit(&s->done, 1, memory_order_relaxed);
	if (nr == MAX_GOT || *item < 0 || *item >= MAX_GOT) {
		fprintf(stderr, "bb_get() gave item %d, which nobody put\n", *item);
		exit(1);
	}
	s->got[nr] = *item;
	return true;
}

static void *produce(void *arg)
{
	struct side *s = arg;

	for (int i = 0; i < s->nr_items; i++) {
		nap(s->pause_ms);
		put(s, s->number * MAX_ITEMS + i);
	}
	return NULL;
}

static void *consume(void *arg)
{
	struct side *s = arg;
	int item;

	while (get(s, &item) && atomic_load(&s->done) != s->nr_items)
		nap(s->pause_ms);
	return NULL;
}

static void start(struct side *s, struct buffer *b, const char *role, int number)
{
	char name[16];

	s->buffer = b;
	s->number = number;
	if (pthread_create(&s->thread, NULL, role[0] == 'p' ? produce : consume, s))
		abort();
	snprintf(name, sizeof(name), "%s-%d", role, number);
	pthread_setname_np(s->thread, name);
}

static void close_buffer(struct buffer *b)
{
	oncpu_begin("close");
	bb_close(b);
	oncpu_end("close");
}

/* Of what one consumer got, each producer's items are in the order in which they were put. */
static bool in_order(const struct side *s)
{
	int last[MAX_THREADS], n = atomic_load(&s->done);

	memset(last, -1, sizeof(last));
	for (int i = 0; i < n; i++) {
		if (s->got[i] <= last[s->got[i] / MAX_ITEMS])
			return false;
		last[s->got[i] / MAX_ITEMS] = s->got[i];
	}
	return true;
}

static struct side producers[MAX_THREADS], consumers[MAX_THREADS];

/* Three producers: one fills it, then all three wait. */
static int full(void)
{
	static struct side here;
	int fit = 0, item = -1, patience = 2000;

	here.buffer = bb_new(3);
	for (int i = 0; i < 3; i++) {
		producers[i].nr_items = i ? 2 : 6;
		start(&producers[i], here.buffer, "producer", i);
		while (atomic_load(&producers[0].done) < 3 && patience-- > 0)
			nap(1);
	}
	nap(50); /* does more go in? */
	for (int i = 0; i < 3; i++)
		fit += atomic_load(&producers[i].done);
	printf("fit %d\n", fit);
	if (fit != 3)
		return 0; /* whatever comes now would only confuse */
	for (int i = 0; i < 10; i++) {
		get(&here, &item);
		nap(5);
	}
	for (int i = 0; i < 3; i++)
		pthread_join(producers[i].thread, NULL);
	close_buffer(here.buffer);
	printf("got %d\nin_order %d\n", atomic_load(&here.done), in_order(&here));
	printf("after_close %d\n", get(&here, &item));
	bb_free(here.buffer);
	return 0;
}

static int empty(void)
{
	static struct side consumers[3], here;
	int got = 0;

	here.buffer = bb_new(4);
	for (int i = 0; i < 3; i++)
		start(&consumers[i], here.buffer, "consumer", i);
	for (int i = 0; i < 3; i++) {
		nap(50);
		put(&here, i);
	}
	nap(50);
	close_buffer(here.buffer);
	for (int i = 0; i < 3; i++) {
		pthread_join(consumers[i].thread, NULL);
		got += atomic_load(&consumers[i].done);
	}
	printf("got %d\n", got);
	bb_free(here.buffer);
	return 0;
}

static int drain(void)
{
	static struct side here;
	int item;

	here.buffer = bb_new(4);
	for (int i = 0; i < 3; i++)
		put(&here, i);
	close_buffer(here.buffer);
	atomic_store(&here.done, 0);
	while (atomic_load(&here.done) < 10 && get(&here, &item))
		;
	printf("left %d\n", atomic_load(&here.done));
	bb_free(here.buffer);
	return 0;
}

static void crowd(struct buffer *b, int nr_producers, int nr_consumers)
{
	bool until_closed = !consumers[0].nr_items;

	for (int i = 0; i < nr_consumers; i++)
		start(&consumers[i], b, "consumer", i);
	for (int i = 0; i < nr_producers; i++)
		start(&producers[i], b, "producer", i);
	for (int i = 0; i < nr_producers; i++)
		pthread_join(producers[i].thread, NULL);
	if (until_closed)
		close_buffer(b);
	for (int i = 0; i < nr_consumers; i++)
		pthread_join(consumers[i].thread, NULL);
}

static int slow(void)
{
	struct buffer *b = bb_new(3);
	int got = 0;

	for (int phase = 0; phase < 2; phase++) {
		for (int i = 0; i < 2; i++) {
			producers[i] = (struct side){ .nr_items = 8, .pause_ms = phase ? 10 : 0 };
			consumers[i] = (struct side){ .pause_ms = phase ? 0 : 10 };
		}
		b = phase ? bb_new(3) : b;
		crowd(b, 2, 2);
		got += consumers[0].done + consumers[1].done;
		bb_free(b);
	}
	printf("got %d of 32\n", got);
	return 0;
}

static int count_of(int item, int nr_consumers)
{
	int times = 0;

	for (int c = 0; c < nr_consumers; c++)
		for (int i = 0; i < consumers[c].done; i++)
			times += consumers[c].got[i] == item;
	return times;
}

/* Complains of the first item that was not got once, or not in its order. */
static int complaint(int nr_producers, int nr_consumers, int nr_items)
{
	for (int p = 0; p < nr_producers; p++)
		for (int i = 0; i < nr_items; i++) {
			int times = count_of(p * MAX_ITEMS + i, nr_consumers);

			if (times == 1)
				continue;
			fprintf(stderr, "item %d of producer %d was put once, and got %d times\n",
				i, p, times);
			return 1;
		}
	for (int i = 0; i < nr_consumers; i++)
		if (!in_order(&consumers[i])) {
			fprintf(stderr, "consumer %d got items out of order\n", i);
			return 1;
		}
	return 0;
}

static int race(int nr_producers, int nr_consumers, int capacity, int nr_items)
{
	struct buffer *b = bb_new(capacity);

	capacity_of = capacity;
	for (int i = 0; i < nr_producers; i++)
		producers[i].nr_items = nr_items;
	crowd(b, nr_producers, nr_consumers);
	bb_free(b);
	return complaint(nr_producers, nr_consumers, nr_items);
}

static int once(int n, int capacity)
{
	for (int i = 0; i < n; i++)
		consumers[i].nr_items = 1;
	return race(n, n, capacity, 1);
}

static int refill(int n, int capacity)
{
	struct side *all = &consumers[0];
	struct buffer *b = bb_new(capacity);
	static struct side before;
	int item;

	capacity_of = capacity;
	all->buffer = before.buffer = b;
	for (int i = 0; i < capacity; i++)
		put(&before, n * MAX_ITEMS + i);
	for (int i = 0; i < n; i++) {
		producers[i].nr_items = 1;
		start(&producers[i], b, "producer", i);
	}
	for (int i = 0; i < capacity + n; i++)
		get(all, &item);
	for (int i = 0; i < n; i++)
		pthread_join(producers[i].thread, NULL);
	bb_free(b);
	return complaint(n, 1, 1);
}

static int argument(char **argv, int i, int otherwise)
{
	for (int k = 0; k < i; k++)
		if (!argv[k])
			return otherwise;
	return argv[i] ? atoi(argv[i]) : otherwise;
}

int main(int argc, char **argv)
{
	const char *scenario = argc > 1 ? argv[1] : "slow";

	if (!strcmp(scenario, "slow"))
		return slow();
	if (!strcmp(scenario, "full"))
		return full();
	if (!strcmp(scenario, "empty"))
		return empty();
	if (!strcmp(scenario, "drain"))
		return drain();
	if (!strcmp(scenario, "race"))
		return race(argument(argv, 2, 2), argument(argv, 3, 2), argument(argv, 4, 1),
			    argument(argv, 5, 3));
	if (!strcmp(scenario, "once"))
		return once(argument(argv, 2, 2), argument(argv, 3, 1));
	if (!strcmp(scenario, "refill"))
		return refill(argument(argv, 2, 2), argument(argv, 3, 2));
	fprintf(stderr, "bounded_buffer: there is no scenario '%s'\n", scenario);
	return 2;
}
