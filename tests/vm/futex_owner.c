// SPDX-License-Identifier: GPL-2.0
/*
 * A thread that waits for a mutex: the record says for which, and who holds it. And every wait for
 * one of the kernel's own locks that ends has begun.
 */
#include <linux/futex.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kselftest_harness.h"
#include "lib/lib.h"

#define RESULT	   "/tmp/futex_owner.out"
#define NR_HAMMERS 6
#define NR_ROUNDS  4000

static pthread_mutex_t mutex;
static volatile pid_t waiter_tid;

static void *wait_for_mutex(void *unused)
{
	waiter_tid = gettid();
	pthread_mutex_lock(&mutex);
	pthread_mutex_unlock(&mutex);
	return unused;
}

/* The main thread holds the mutex until the other one sleeps for it. */
static int work_mutex(int protocol)
{
	pthread_mutexattr_t attr;
	pthread_t t;

	pthread_mutexattr_init(&attr);
	pthread_mutexattr_setprotocol(&attr, protocol);
	pthread_mutex_init(&mutex, &attr);
	pthread_mutex_lock(&mutex);
	pthread_create(&t, NULL, wait_for_mutex, NULL);
	while (!waiter_tid)
		usleep(1000);
	wait_asleep(getpid(), waiter_tid);
	pthread_mutex_unlock(&mutex);
	pthread_join(t, NULL);
	printf("%lx %d %d\n", (unsigned long)&mutex, getpid(), waiter_tid);
	return fflush(stdout);
}

/* All threads change one address space: they meet at its lock. */
static void *hammer_mmap(void *unused)
{
	int i;

	for (i = 0; i < NR_ROUNDS; i++) {
		char *p = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1,
			       0);

		p[0] = 1;
		munmap(p, 4096);
	}
	return unused;
}

static int work_kernel_lock(void)
{
	pthread_t t[NR_HAMMERS];
	int i;

	for (i = 0; i < NR_HAMMERS; i++)
		pthread_create(&t[i], NULL, hammer_mmap, NULL);
	for (i = 0; i < NR_HAMMERS; i++)
		pthread_join(t[i], NULL);
	return 0;
}

struct expected {
	unsigned long address;
	uint32_t owner, waiter;
	unsigned int op; /* FUTEX_WAIT, FUTEX_LOCK_PI */
	bool unlock;	 /* the owner's wake is a system call, too */
};

static const struct oncpu_record *next_of(const struct event *e, size_t n, size_t *from,
					  uint32_t tid, unsigned int type)
{
	for (; *from < n; (*from)++)
		if (e[*from].r->tid == tid && e[*from].r->type == type)
			return e[*from].r;
	return NULL;
}

/* wait by the waiter, then wake by the owner, then the end of the wait */
static void check_wait(struct __test_metadata *_metadata, const struct trace *t,
		       enum trace_source source, const struct expected *x)
{
	const struct oncpu_record *r;
	size_t n, at = 0;
	struct event *e = events_of(t, source, &n);

	while ((r = next_of(e, n, &at, x->waiter, ONCPU_FUTEX_WAIT)) &&
	       r->futex_wait.address != x->address)
		at++;
	ASSERT_NE(NULL, r);
	EXPECT_EQ(x->op, r->flags & ONCPU_FUTEX_CMD_MASK);
	EXPECT_TRUE(r->flags & ONCPU_FUTEX_PRIVATE);
	if (x->op == FUTEX_LOCK_PI) {
		EXPECT_TRUE(r->flags & ONCPU_FUTEX_OWNER);
		EXPECT_EQ(x->owner, r->futex_wait.owner);
	} else {
		r = next_of(e, n, &at, x->waiter, ONCPU_FUTEX_WORDS);
		ASSERT_NE(NULL, r);
		EXPECT_EQ(x->owner, r->futex_words[0]); /* as a mutex has it */
	}

	r = next_of(e, n, &at, x->owner, ONCPU_FUTEX_WAKE);
	while (r && r->futex_wake.address != x->address) {
		at++;
		r = next_of(e, n, &at, x->owner, ONCPU_FUTEX_WAKE);
	}
	ASSERT_NE(NULL, r);
	r = next_of(e, n, &at, x->waiter, ONCPU_FUTEX_WAIT_END);
	ASSERT_NE(NULL, r);
	EXPECT_EQ(0, r->futex_end.ret);
	free(e);
}

static void check_mutex(struct __test_metadata *_metadata, const char *work, unsigned int op)
{
	struct expected x = { .op = op };
	struct trace *t;
	FILE *f;

	ASSERT_EQ(0, module_load());
	t = record_work("both", work, RESULT);
	ASSERT_NE(NULL, t);
	f = fopen(RESULT, "re");
	ASSERT_NE(NULL, f);
	ASSERT_EQ(3, fscanf(f, "%lx %u %u", &x.address, &x.owner, &x.waiter));
	fclose(f);
	check_wait(_metadata, t, TRACE_MODULE, &x);
	check_wait(_metadata, t, TRACE_BPF, &x);
	trace_free(t);
}

TEST(default_mutex_names_its_owner)
{
	check_mutex(_metadata, "mutex", FUTEX_WAIT);
}

TEST(pi_mutex_names_its_owner)
{
	check_mutex(_metadata, "pi", FUTEX_LOCK_PI);
}

/* Open waits of one thread, by lock: several begins may come before one end. */
static bool has_begun(const struct event *e, size_t at, uint64_t since_ns)
{
	size_t i = at;

	while (i-- > 0 && e[i].r->time_ns >= since_ns) {
		if (e[i].r->tid != e[at].r->tid)
			continue;
		if (e[i].r->lock.address != e[at].r->lock.address)
			continue;
		if (e[i].r->type == ONCPU_LOCK_BEGIN)
			return true;
		if (e[i].r->type == ONCPU_LOCK_END)
			return false;
	}
	return false;
}

static void check_pairs(struct __test_metadata *_metadata, const struct trace *t,
			enum trace_source source, uint32_t tgid)
{
	struct event *e;
	int pairs = 0, orphans = 0, open = 0;
	size_t n, i;

	e = events_of(t, source, &n);
	for (i = 0; i < n; i++) {
		/* The target's threads are younger than the recording: their story is whole. */
		if (e[i].r->tid < tgid || e[i].r->tid > tgid + NR_HAMMERS)
			continue;
		if (e[i].r->type == ONCPU_LOCK_BEGIN)
			open++;
		if (e[i].r->type != ONCPU_LOCK_END)
			continue;
		if (has_begun(e, i, t->start_ns))
			pairs++;
		else
			orphans++;
	}
	TH_LOG("source %d: %d begun, %d paired, %d without a begin", source, open, pairs, orphans);
	EXPECT_LT(0, pairs);
	EXPECT_EQ(0, orphans);
	EXPECT_LE(pairs, open);
	free(e);
}

TEST(kernel_lock_waits_begin_before_they_end)
{
	struct trace *t;

	ASSERT_EQ(0, module_load());
	t = record_work("both", "kernel-lock", NULL);
	ASSERT_NE(NULL, t);
	check_pairs(_metadata, t, TRACE_MODULE, t->target_tid);
	check_pairs(_metadata, t, TRACE_BPF, t->target_tid);
	trace_free(t);
}

int main(int argc, char **argv)
{
	if (argc == 3 && !strcmp(argv[1], "--work")) {
		if (!strcmp(argv[2], "mutex"))
			return work_mutex(PTHREAD_PRIO_NONE);
		if (!strcmp(argv[2], "pi"))
			return work_mutex(PTHREAD_PRIO_INHERIT);
		return work_kernel_lock();
	}
	return test_harness_run(argc, argv);
}
