// SPDX-License-Identifier: GPL-2.0
/*
 * A learner's program, for the oracle test locks.c: threads that wait for every kind of lock, each wait
 * with one known right answer, told on stdout as the program knows it itself:
 *
 *   CASE KIND OWNER NAME LINE WAITER      owner 0: none may be named; name "-": it has no variable
 *
 * Each case: "holder" gets the lock and lets "waiter" go, which waits for it; when that sleeps, holder
 * lets the lock go.
 */
#define _GNU_SOURCE
#include <pthread.h>
#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <threads.h>
#include <unistd.h>

struct queue {
	int n;
	pthread_mutex_t lock;
	pthread_cond_t filled;
};

static pthread_mutex_t normal = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t recursive, errorcheck, robust, inherit, shared;
static struct queue queue = { 0, PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER };
pthread_mutex_t fork_of[5];
static pthread_rwlock_t table = PTHREAD_RWLOCK_INITIALIZER;
static pthread_rwlock_t patient; /* prefers writers */
static struct {
	char name[3];
	sem_t left, right;
} slots[2][3];
static pthread_barrier_t meeting;
static pthread_cond_t rung = PTHREAD_COND_INITIALIZER;
static mtx_t plain;
static pthread_mutex_t *heap;
static pthread_rwlock_t *heap_table;

static sem_t go; /* holder has it */
static volatile int line, waiter_tid, done;
static volatile long slept_before; /* how often waiter did */

static long nr_sleeps(void)
{
	struct rusage r;

	getrusage(RUSAGE_THREAD, &r);
	return r.ru_nvcsw;
}

#define HERE (slept_before = nr_sleeps(), line = __LINE__) /* the wait stands on the same line */

/* Asleep, and not put off its CPU on the way to that. */
static void asleep(int tid, long sleeps)
{
	char path[64], text[256], state;
	long n;
	FILE *f;

	snprintf(path, sizeof(path), "/proc/self/task/%d/status", tid);
	do {
		usleep(2000);
		state = 0;
		n = 0;
		f = fopen(path, "r");
		if (!f)
			return;
		while (fgets(text, sizeof(text), f)) {
			sscanf(text, "State: %c", &state);
			sscanf(text, "voluntary_ctxt_switches: %ld", &n);
		}
		fclose(f);
	} while (state != 'S' || n <= sleeps);
}

static pthread_mutex_t *mutex_of(const char *which)
{
	return !strcmp(which, "normal")	      ? &normal
	       : !strcmp(which, "recursive")  ? &recursive
	       : !strcmp(which, "errorcheck") ? &errorcheck
	       : !strcmp(which, "robust")     ? &robust
	       : !strcmp(which, "inherit")    ? &inherit
	       : !strcmp(which, "shared")     ? &shared
	       : !strcmp(which, "member")     ? &queue.lock
	       : !strcmp(which, "element")    ? &fork_of[3]
	       : !strcmp(which, "heap")	      ? heap
					      : NULL;
}

/* A static of a function has a name, too. */
static pthread_mutex_t *local(void)
{
	static pthread_mutex_t hidden = PTHREAD_MUTEX_INITIALIZER;

	return &hidden;
}

static void wait_timed(pthread_mutex_t *m)
{
	struct timespec until;

	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_sec += 60;
	HERE, pthread_mutex_timedlock(m, &until);
	pthread_mutex_unlock(m);
}

static void wait_on_condition(void)
{
	pthread_mutex_lock(&queue.lock);
	while (!queue.n)
		HERE, pthread_cond_wait(&queue.filled, &queue.lock);
	queue.n = 0;
	pthread_mutex_unlock(&queue.lock);
}

/* Woken, but the one who woke it keeps the mutex: now it waits for that. */
static void wait_again(void)
{
	pthread_mutex_lock(&normal);
	HERE, pthread_cond_wait(&rung, &normal);
	pthread_mutex_unlock(&normal);
}

static void wait_for(const char *which)
{
	pthread_mutex_t *m = mutex_of(which);

	if (m) {
		HERE, pthread_mutex_lock(m);
		pthread_mutex_unlock(m);
	} else if (!strcmp(which, "local")) {
		HERE, pthread_mutex_lock(local());
		pthread_mutex_unlock(local());
	} else if (!strcmp(which, "timed")) {
		wait_timed(&normal);
	} else if (!strcmp(which, "c11")) {
		HERE, mtx_lock(&plain);
		mtx_unlock(&plain);
	} else if (!strcmp(which, "read")) {
		HERE, pthread_rwlock_rdlock(&table);
		pthread_rwlock_unlock(&table);
	} else if (!strcmp(which, "write") || !strcmp(which, "write-readers")) {
		HERE, pthread_rwlock_wrlock(&table);
		pthread_rwlock_unlock(&table);
	} else if (!strcmp(which, "patient")) {
		HERE, pthread_rwlock_rdlock(&patient);
		pthread_rwlock_unlock(&patient);
	} else if (!strcmp(which, "heap-write")) {
		HERE, pthread_rwlock_wrlock(heap_table);
		pthread_rwlock_unlock(heap_table);
	} else if (!strcmp(which, "condition")) {
		wait_on_condition();
	} else if (!strcmp(which, "again")) {
		wait_again();
	} else if (!strcmp(which, "semaphore")) {
		HERE, sem_wait(&slots[1][2].right);
	} else if (!strcmp(which, "barrier")) {
		HERE, pthread_barrier_wait(&meeting);
	}
	done = 1; /* so that no wait is the function's last call, which compilers turn into a jump */
}

static void hold(const char *which)
{
	pthread_mutex_t *m = mutex_of(which);

	if (m)
		pthread_mutex_lock(m);
	else if (!strcmp(which, "local"))
		pthread_mutex_lock(local());
	else if (!strcmp(which, "timed"))
		pthread_mutex_lock(&normal);
	else if (!strcmp(which, "c11"))
		mtx_lock(&plain);
	else if (!strcmp(which, "read") || !strcmp(which, "write"))
		pthread_rwlock_wrlock(&table);
	else if (!strcmp(which, "write-readers"))
		pthread_rwlock_rdlock(&table);
	else if (!strcmp(which, "patient"))
		pthread_rwlock_wrlock(&patient);
	else if (!strcmp(which, "heap-write"))
		pthread_rwlock_wrlock(heap_table);
}

static void release(const char *which)
{
	pthread_mutex_t *m = mutex_of(which);

	if (m) {
		pthread_mutex_unlock(m);
	} else if (!strcmp(which, "local")) {
		pthread_mutex_unlock(local());
	} else if (!strcmp(which, "timed")) {
		pthread_mutex_unlock(&normal);
	} else if (!strcmp(which, "c11")) {
		mtx_unlock(&plain);
	} else if (!strcmp(which, "patient")) {
		pthread_rwlock_unlock(&patient);
	} else if (!strcmp(which, "heap-write")) {
		pthread_rwlock_unlock(heap_table);
	} else if (!strcmp(which, "condition")) {
		pthread_mutex_lock(&queue.lock);
		queue.n = 1;
		pthread_mutex_unlock(&queue.lock);
		pthread_cond_signal(&queue.filled);
	} else if (!strcmp(which, "again")) {
		pthread_mutex_lock(&normal);
		pthread_cond_signal(&rung);
		asleep(waiter_tid, slept_before + 1); /* it wakes, and waits for the mutex */
		pthread_mutex_unlock(&normal);
	} else if (!strcmp(which, "semaphore")) {
		sem_post(&slots[1][2].right);
	} else if (!strcmp(which, "barrier")) {
		pthread_barrier_wait(&meeting);
	} else {
		pthread_rwlock_unlock(&table);
	}
}

static void *waiter(void *which)
{
	waiter_tid = gettid();
	sem_wait(&go);
	wait_for(which);
	return NULL;
}

static void *nobody(void *unused)
{
	usleep(30000);
	return unused;
}

static void tell(const char *which, int tid)
{
	static const struct {
		const char *which, *kind, *name;
	} answers[] = {
		{ "normal", "mutex", "normal" },
		{ "recursive", "mutex", "recursive" },
		{ "errorcheck", "mutex", "errorcheck" },
		{ "robust", "mutex", "robust" },
		{ "inherit", "mutex", "inherit" },
		{ "shared", "mutex", "shared" },
		{ "member", "mutex", "queue.lock" },
		{ "element", "mutex", "fork_of[3]" },
		{ "heap", "mutex", "-" },
		{ "local", "mutex", "hidden" },
		{ "timed", "mutex", "normal" },
		{ "c11", "mutex", "plain" },
		{ "read", "rwlock", "table" },
		{ "write", "rwlock", "table" },
		{ "write-readers", "rwlock", "table" },
		{ "patient", "rwlock", "patient" },
		{ "heap-write", "rwlock", "-" },
		{ "condition", "condition", "queue.filled" },
		{ "again", "condition", "rung" },
		{ "semaphore", "semaphore", "slots[1][2].right" },
		{ "barrier", "barrier", "meeting" },
	};
	int owned = strcmp(which, "write-readers") && strcmp(which, "condition") &&
		    strcmp(which, "again") && strcmp(which, "semaphore") &&
		    strcmp(which, "barrier");
	size_t i;

	for (i = 0; i < sizeof(answers) / sizeof(*answers); i++)
		if (!strcmp(answers[i].which, which))
			printf("%s %s %d %s %d %d\n", which, answers[i].kind, owned ? gettid() : 0,
			       answers[i].name, line, tid);
	if (!strcmp(which, "again")) /* the second wait, at the same line */
		printf("%s mutex %d normal %d %d\n", which, gettid(), line, tid);
}

static void try_one(const char *which)
{
	pthread_t t;

	waiter_tid = 0;
	hold(which);
	pthread_create(&t, NULL, waiter, (void *)which);
	while (!waiter_tid)
		usleep(1000);
	asleep(waiter_tid, 0);
	line = 0;
	sem_post(&go);
	while (!line)
		usleep(1000);
	asleep(waiter_tid, slept_before);
	release(which);
	pthread_join(t, NULL);
	tell(which, waiter_tid);
}

static void try_join(void)
{
	pthread_t t;

	pthread_create(&t, NULL, nobody, NULL);
	HERE, pthread_join(t, NULL);
	printf("join join 0 - %d %d\n", line, gettid());
}

static void make(pthread_mutex_t *m, int type, int is_robust, int protocol, int pshared)
{
	pthread_mutexattr_t a;

	pthread_mutexattr_init(&a);
	pthread_mutexattr_settype(&a, type);
	pthread_mutexattr_setrobust(&a, is_robust);
	pthread_mutexattr_setprotocol(&a, protocol);
	pthread_mutexattr_setpshared(&a, pshared);
	pthread_mutex_init(m, &a);
}

static void make_all(void)
{
	pthread_rwlockattr_t a;
	int i, k;

	make(&recursive, PTHREAD_MUTEX_RECURSIVE, 0, 0, 0);
	make(&errorcheck, PTHREAD_MUTEX_ERRORCHECK, 0, 0, 0);
	make(&robust, PTHREAD_MUTEX_NORMAL, PTHREAD_MUTEX_ROBUST, 0, 0);
	make(&inherit, PTHREAD_MUTEX_NORMAL, 0, PTHREAD_PRIO_INHERIT, 0);
	make(&shared, PTHREAD_MUTEX_NORMAL, 0, 0, PTHREAD_PROCESS_SHARED);
	for (i = 0; i < 5; i++)
		pthread_mutex_init(&fork_of[i], NULL);
	for (i = 0; i < 2; i++)
		for (k = 0; k < 3; k++) {
			sem_init(&slots[i][k].left, 0, 0);
			sem_init(&slots[i][k].right, 0, 0);
		}
	pthread_rwlockattr_init(&a);
	pthread_rwlockattr_setkind_np(&a, PTHREAD_RWLOCK_PREFER_WRITER_NONRECURSIVE_NP);
	pthread_rwlock_init(&patient, &a);
	pthread_barrier_init(&meeting, NULL, 2);
	mtx_init(&plain, mtx_plain);
	sem_init(&go, 0, 0);
	heap = malloc(sizeof(*heap));
	pthread_mutex_init(heap, NULL);
	heap_table = malloc(sizeof(*heap_table));
	pthread_rwlock_init(heap_table, NULL);
}

int main(void)
{
	static const char *const all[] = {
		"normal", "recursive", "errorcheck",	"robust",  "inherit",	 "shared",
		"member", "element",   "heap",		"local",   "timed",	 "c11",
		"read",	  "write",     "write-readers", "patient", "heap-write", "condition",
		"again",  "semaphore", "barrier",
	};
	size_t i;

	make_all();
	for (i = 0; i < sizeof(all) / sizeof(*all); i++)
		try_one(all[i]);
	try_join();
	return 0;
}
