// SPDX-License-Identifier: GPL-2.0
/*
 * workload mutex|handed SECTION_MS TIMES: three threads take a lock again and again, so many times together. handed: who gives it back
 * gives it to the one who has waited longest.
 */
#include "../play.h"

#include <semaphore.h>

#define NR 3

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static bool handed;
static uint64_t section_ms;
static long begun, most;
static long sections[NR];

/* The lock that is handed on: whoever waits has a semaphore of its own, and a place in the line. */
static struct {
	pthread_mutex_t guard;
	bool taken;
	int line[NR], nr;
	sem_t turn[NR];
} fifo = { .guard = PTHREAD_MUTEX_INITIALIZER };

static void fifo_lock(int self)
{
	bool mine;

	pthread_mutex_lock(&fifo.guard);
	mine = !fifo.taken;
	fifo.taken = true;
	if (!mine)
		fifo.line[fifo.nr++] = self;
	pthread_mutex_unlock(&fifo.guard);
	while (!mine && sem_wait(&fifo.turn[self]))
		;
}

static void fifo_unlock(void)
{
	int next = -1;

	pthread_mutex_lock(&fifo.guard);
	if (!fifo.nr) {
		fifo.taken = false;
	} else { /* it stays taken: it is the next one's already */
		next = fifo.line[0];
		memmove(fifo.line, fifo.line + 1, (size_t)--fifo.nr * sizeof(*fifo.line));
	}
	pthread_mutex_unlock(&fifo.guard);
	if (next >= 0)
		sem_post(&fifo.turn[next]);
}

static void one_section(int self)
{
	if (handed)
		fifo_lock(self);
	else
		pthread_mutex_lock(&mutex);
	oncpu_begin("section");
	burn_ms(section_ms);
	oncpu_end("section");
	sections[self]++;
	if (handed)
		fifo_unlock();
	else
		pthread_mutex_unlock(&mutex);
}

static void *user(void *arg)
{
	int self = (int)(long)arg;
	char name[32];

	snprintf(name, sizeof(name), "user-%d", self + 1);
	call_me(name);
	gate();
	while (__atomic_fetch_add(&begun, 1, __ATOMIC_RELAXED) < most)
		one_section(self);
	return NULL;
}

int main(int argc, char **argv)
{
	pthread_t threads[NR];
	long i;

	handed = argc > 1 && !strcmp(argv[1], "handed");
	section_ms = (uint64_t)argument(argc, argv, 2);
	most = argument(argc, argv, 3);
	gate_for(NR);
	for (i = 0; i < NR; i++)
		sem_init(&fifo.turn[i], 0, 0);
	for (i = 0; i < NR; i++)
		threads[i] = start(user, (void *)i);
	for (i = 0; i < NR; i++)
		join(threads[i]);
	for (i = 0; i < NR; i++)
		printf("user-%ld %ld\n", i + 1, sections[i]);
	return 0;
}
