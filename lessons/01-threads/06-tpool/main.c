// SPDX-License-Identifier: GPL-2.0
/*
 * Work for the learner's pool of threads.
 *
 *	tpool tasks     4 workers, tasks that sleep a little: some, then more, then 400 small ones
 *	tpool idle      3 workers: nothing to do, one task, nothing again, and so on
 *	tpool drain     3 workers: destroyed as soon as the last task was submitted
 *	tpool burst     3 workers that can do nothing until 400 tasks are submitted
 *	tpool race, nest, drop    for the explorer: no time passes
 */
#include <assert.h>
#include <oncpu/mark.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "tpool.h"

#define MAX_TASKS 500

/* Not atomic: the pool is to bring it to the worker, and what the worker wrote back to who waits. */
struct task {
	int runs, sleep_ms;
};

static struct task tasks[MAX_TASKS];
static atomic_int under_way; /* relaxed: it must order nothing that the pool does not */

static void sleep_ms(int ms)
{
	struct timespec t = { .tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000L };

	if (ms)
		nanosleep(&t, NULL);
}

static void do_task(struct task *t)
{
	atomic_fetch_add_explicit(&under_way, 1, memory_order_relaxed);
	sleep_ms(t->sleep_ms);
	t->runs++;
	atomic_fetch_sub_explicit(&under_way, 1, memory_order_relaxed);
}

static pthread_key_t ending;

/* A thread that has run tasks takes a moment to end: who does not wait for that is seen not to. */
static void take_a_moment(void *unused)
{
	(void)unused;
	sleep_ms(40);
}

static void run_task(void *arg)
{
	struct task *t = arg;

	if (!t->sleep_ms) {
		do_task(t);
		return;
	}
	pthread_setspecific(ending, t);
	oncpu_begin("task");
	do_task(t);
	oncpu_end("task");
}

static struct tpool *open_pool(int workers)
{
	struct tpool *p = tpool_create(workers);

	if (p)
		return p;
	fprintf(stderr, "tpool_create(%d) returned NULL\n", workers);
	exit(1);
}

static void submit(struct tpool *p, void (*task)(void *), void *arg)
{
	int err;

	oncpu_begin("submit");
	err = tpool_submit(p, task, arg);
	oncpu_end("submit");
	if (!err)
		return;
	fprintf(stderr, "tpool_submit() returned %d\n", err);
	exit(1);
}

static void submit_all(struct tpool *p, struct task *t, int n, int task_sleeps_ms)
{
	for (int i = 0; i < n; i++) {
		t[i].sleep_ms = task_sleeps_ms;
		submit(p, run_task, &t[i]);
	}
}

static void wait_for_all(struct tpool *p)
{
	oncpu_begin("wait");
	tpool_wait(p);
	oncpu_end("wait");
}

static void close_pool(struct tpool *p)
{
	oncpu_begin("destroy");
	tpool_destroy(p);
	oncpu_end("destroy");
	oncpu_point("destroyed", 0);
}

/* How many of the first n tasks ran once. */
static int done(int n)
{
	int once = 0;

	for (int i = 0; i < n; i++)
		once += tasks[i].runs == 1;
	return once;
}

/* A wait that returns early is seen at once: tasks are under way that take their time. */
static void some_tasks(void)
{
	struct tpool *p = open_pool(4);
	int early;

	submit_all(p, tasks, 40, 4);
	wait_for_all(p);
	early = 40 - done(40);
	submit_all(p, tasks + 40, 2, 20);
	wait_for_all(p);
	early += 42 - done(42);
	submit_all(p, tasks + 42, 4, 10);
	submit_all(p, tasks + 46, 396, 0);
	wait_for_all(p);
	early += 442 - done(442);
	close_pool(p);
	printf("tasks 442\nonce %d\nearly %d\n", done(442), early);
}

static void idle(void)
{
	struct tpool *p = open_pool(3);

	for (int i = 0; i < 3; i++) {
		sleep_ms(5); /* whatever the workers do after their last task is over */
		oncpu_begin("nothing to do");
		sleep_ms(40);
		oncpu_end("nothing to do");
		submit_all(p, tasks + i, 1, 2);
		sleep_ms(10);
	}
	wait_for_all(p);
	close_pool(p);
	printf("tasks 3\nonce %d\n", done(3));
}

static void drain(void)
{
	struct tpool *p = open_pool(3);

	submit_all(p, tasks, 12, 5);
	close_pool(p);
	printf("tasks 12\nonce %d\nunder_way %d\n", done(12), under_way);
}

static struct {
	pthread_mutex_t lock;
	pthread_cond_t opened;
	int open;
} latch = { .lock = PTHREAD_MUTEX_INITIALIZER, .opened = PTHREAD_COND_INITIALIZER };

static void run_behind_latch(void *arg)
{
	pthread_mutex_lock(&latch.lock);
	while (!latch.open)
		pthread_cond_wait(&latch.opened, &latch.lock);
	pthread_mutex_unlock(&latch.lock);
	run_task(arg);
}

/* No worker gets on before all is submitted: whoever submits is not to wait for one. */
static void burst(void)
{
	struct tpool *p = open_pool(3);

	for (int i = 0; i < 400; i++)
		submit(p, run_behind_latch, &tasks[i]);
	pthread_mutex_lock(&latch.lock);
	latch.open = 1;
	pthread_cond_broadcast(&latch.opened);
	pthread_mutex_unlock(&latch.lock);
	wait_for_all(p);
	close_pool(p);
	printf("tasks 400\nonce %d\n", done(400));
}

struct parent {
	struct tpool *pool;
	struct task *child;
};

static void submit_child(void *arg)
{
	struct parent *parent = arg;

	submit(parent->pool, run_task, parent->child);
}

static void race(void)
{
	struct tpool *p = open_pool(2);

	submit_all(p, tasks, 2, 0);
	tpool_wait(p);
	assert(done(2) == 2 && "after tpool_wait() both tasks have run, once");
	submit_all(p, tasks + 2, 1, 0);
	tpool_wait(p);
	assert(done(3) == 3 && "after tpool_wait() the third has run, too");
	tpool_destroy(p);
}

static void nest(void)
{
	struct tpool *p = open_pool(2);
	struct parent parents[] = { { p, &tasks[0] }, { p, &tasks[1] } };

	submit(p, submit_child, &parents[0]);
	submit(p, submit_child, &parents[1]);
	tpool_wait(p);
	assert(done(2) == 2 && "after tpool_wait() the tasks of tasks have run, once");
	tpool_destroy(p);
}

static void drop(void)
{
	struct tpool *p = open_pool(2);

	submit_all(p, tasks, 3, 0);
	tpool_destroy(p);
	assert(done(3) == 3 && "after tpool_destroy() all tasks have run, once");
}

int main(int argc, char **argv)
{
	const char *name = argc > 1 ? argv[1] : "tasks";

	pthread_key_create(&ending, take_a_moment);
	if (!strcmp(name, "tasks"))
		some_tasks();
	else if (!strcmp(name, "idle"))
		idle();
	else if (!strcmp(name, "drain"))
		drain();
	else if (!strcmp(name, "burst"))
		burst();
	else if (!strcmp(name, "race"))
		race();
	else if (!strcmp(name, "nest"))
		nest();
	else if (!strcmp(name, "drop"))
		drop();
	else
		return fprintf(stderr, "usage: tpool tasks|idle|drain|burst|race|nest|drop\n"), 2;
	return 0;
}
