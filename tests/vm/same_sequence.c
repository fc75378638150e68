// SPDX-License-Identifier: GPL-2.0
/*
 * Two recorders that know nothing of each other write the same story.
 *
 * oncpu starts the module first and stops it last, so that on each CPU what eBPF saw of one kind of
 * event must be an unbroken run of what the module saw: record for record, but for the time. No
 * other alignment is made: the run may start anywhere, but nothing in it may differ or be missing.
 *
 * Where a task may be moved after one recorder saw it and before the other does (futex calls, new
 * names, exits), threads are compared and not CPUs: each from its first record to its last.
 */
#include <linux/futex.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "kselftest_harness.h"
#include "lib/lib.h"

#define NR_PAIRS  6
#define NR_ROUNDS 2000
#define NR_YIELDS 1000
#define NR_ENOUGH 1000 /* records a CPU, else the load was none */

/* Threads that want one mutex: calls that sleep, of more threads than a kretprobe has room for. */
#define NR_THREADS 16
#define NR_LOCKS   100
/* Threads that make calls that do not, and threads that burst in on them at once. */
#define NR_CALLERS  4
#define NR_CALLS    2000
#define NR_BURSTS   400
#define BURST_NS    200000

#define EXIT_DEAD   0x10 /* <linux/sched.h> */
#define EXIT_ZOMBIE 0x20
#define TASK_DEAD   0x80

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

static void *lock_and_unlock(void *unused)
{
	int i;

	for (i = 0; i < NR_LOCKS; i++) {
		pthread_mutex_lock(&mutex);
		sched_yield();
		pthread_mutex_unlock(&mutex);
	}
	return unused;
}

static void call_often(void)
{
	static int word;

	prctl(PR_SET_NAME, "often");
	syscall(SYS_futex, &word, FUTEX_WAKE_PRIVATE, 1, NULL, NULL, 0);
}

static void *call(void *unused)
{
	int i;

	for (i = 0; i < NR_CALLS; i++)
		call_often();
	return unused;
}

/* A real-time thread runs when its time has come, whatever the CPU is at, the kernel included. */
static void *burst(void *unused)
{
	struct timespec pause = { .tv_nsec = BURST_NS };
	struct sched_param param = { .sched_priority = 1 };
	int i;

	pthread_setschedparam(pthread_self(), SCHED_FIFO, &param);
	for (i = 0; i < NR_BURSTS; i++) {
		nanosleep(&pause, NULL);
		call_often();
	}
	return unused;
}

static int work_futex(void)
{
	pthread_t t[NR_THREADS + 2 * NR_CALLERS];
	int i, n = 0;

	for (i = 0; i < NR_THREADS; i++)
		pthread_create(&t[n++], NULL, lock_and_unlock, NULL);
	for (i = 0; i < NR_CALLERS; i++) {
		pthread_create(&t[n++], NULL, call, NULL);
		pthread_create(&t[n++], NULL, burst, NULL);
	}
	while (n > 0)
		pthread_join(t[--n], NULL);
	return 0;
}

/* Two on one CPU that leave it to each other, from when both are there. */
static void yield_often(volatile int *there)
{
	int i;

	pin(0);
	__sync_fetch_and_add(there, 1);
	while (*there < 2)
		sched_yield();
	for (i = 0; i < NR_YIELDS; i++)
		sched_yield();
}

static int work(void)
{
	int *there = mmap(NULL, sizeof(*there), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS,
			  -1, 0);
	int i;

	if (there == MAP_FAILED)
		return 1;
	for (i = 0; i < 2; i++) {
		if (fork() == 0) {
			yield_often(there);
			_exit(0);
		}
	}
	for (i = 0; i < NR_PAIRS; i++) {
		if (fork() == 0) {
			ping_pong(NR_ROUNDS);
			_exit(0);
		}
	}
	while (wait(NULL) > 0)
		;
	return 0;
}

static size_t only(const struct trace_stream *s, unsigned int type, const struct oncpu_record **out)
{
	size_t i, n = 0;

	for (i = 0; i < s->n; i++)
		if (s->records[i].type == type)
			out[n++] = &s->records[i];
	return n;
}

/* Of a dead task's last switch: its parent may have buried it before the second recorder looked. */
static struct oncpu_record without_burial(struct oncpu_record r)
{
	if (r.type == ONCPU_SWITCH && r.sched_switch.prev_state & TASK_DEAD)
		r.sched_switch.prev_state &= ~(EXIT_DEAD | EXIT_ZOMBIE);
	return r;
}

static bool same(const struct oncpu_record *one, const struct oncpu_record *other)
{
	struct oncpu_record a = without_burial(*one), b = without_burial(*other);

	return a.tid == b.tid && a.flags == b.flags && a.raw[0] == b.raw[0] && a.raw[1] == b.raw[1];
}

static size_t yields(const struct trace_stream *s)
{
	size_t i, n = 0;

	for (i = 0; i < s->n; i++)
		n += s->records[i].type == ONCPU_SWITCH &&
		     s->records[i].flags & ONCPU_SWITCH_YIELDED;
	return n;
}

/* Is b a run of a? *at: where it begins; *longest: how far the best try came, and that from where. */
static bool find_run(const struct oncpu_record **a, size_t na, const struct oncpu_record **b,
		     size_t nb, size_t *at, size_t *longest)
{
	size_t try, i;

	*at = *longest = 0;
	for (try = 0; try + nb <= na; try++) {
		for (i = 0; i < nb && same(a[try + i], b[i]); i++)
			;
		if (i > *longest) {
			*longest = i;
			*at = try;
		}
		if (i == nb)
			return true;
	}
	return false;
}

static void tell(struct __test_metadata *_metadata, const char *who, const struct oncpu_record *r)
{
	TH_LOG("%s at %llu: tid %u, flags %#x, %#llx, %#llx", who, (unsigned long long)r->time_ns,
	       r->tid, r->flags, (unsigned long long)r->raw[0], (unsigned long long)r->raw[1]);
}

static size_t compare(struct __test_metadata *_metadata, const struct trace_stream *m,
		      const struct trace_stream *b, unsigned int type)
{
	const struct oncpu_record **in_m = calloc(m->n + 1, sizeof(*in_m));
	const struct oncpu_record **in_b = calloc(b->n + 1, sizeof(*in_b));
	size_t nm = only(m, type, in_m), nb = only(b, type, in_b), at, longest;
	bool found = find_run(in_m, nm, in_b, nb, &at, &longest);

	EXPECT_TRUE(found)
	{
		TH_LOG("cpu %u, type %u: %zu records (bpf) are no run of %zu (module), %zu agree",
		       m->cpu, type, nb, nm, longest);
	}
	if (!found && longest < nb) {
		tell(_metadata, "then the module", in_m[at + longest]);
		tell(_metadata, "but eBPF", in_b[longest]);
	}
	free(in_m);
	free(in_b);
	return nb;
}

TEST(both_recorders_write_the_same_sequence)
{
	const struct trace_stream *m, *b;
	unsigned int cpu, nr_cpus;
	struct trace *t;

	ASSERT_EQ(0, module_load());
	nr_cpus = (unsigned int)sysconf(_SC_NPROCESSORS_ONLN);
	t = record_work("both", "load", NULL);
	ASSERT_NE(NULL, t);
	EXPECT_EQ(0, lost_of(t, TRACE_MODULE));
	EXPECT_EQ(0, lost_of(t, TRACE_BPF));
	for (cpu = 0; cpu < nr_cpus; cpu++) {
		m = stream_of(t, TRACE_MODULE, cpu);
		b = stream_of(t, TRACE_BPF, cpu);
		ASSERT_NE(NULL, m);
		ASSERT_NE(NULL, b);
		EXPECT_LT(NR_ENOUGH, compare(_metadata, m, b, ONCPU_SWITCH));
		EXPECT_LT(NR_ENOUGH, compare(_metadata, m, b, ONCPU_WAKING));
		compare(_metadata, m, b, ONCPU_WAKEUP_NEW);
		compare(_metadata, m, b, ONCPU_MIGRATE);
		if (!cpu)
			EXPECT_LT(NR_YIELDS / 2, yields(b));
	}
	trace_free(t);
}

static bool is_own(unsigned int type)
{
	return (type >= ONCPU_FUTEX_WAIT && type <= ONCPU_FUTEX_WAKE_END) || type == ONCPU_COMM ||
	       type == ONCPU_EXIT;
}

/* What one thread did itself, in its order. */
static size_t own_of(const struct event *e, size_t n, uint32_t tid, const struct oncpu_record **out)
{
	size_t i, k = 0;

	for (i = 0; i < n; i++)
		if (e[i].r->tid == tid && is_own(e[i].r->type))
			out[k++] = e[i].r;
	return k;
}

/* But for the owner: each recorder reads it when it comes by. */
static bool same_own(const struct oncpu_record *a, const struct oncpu_record *b)
{
	return a->type == b->type && a->flags == b->flags && a->raw[0] == b->raw[0] &&
	       (a->type != ONCPU_FUTEX_WAIT || a->futex_wait.value == b->futex_wait.value);
}

static size_t compare_thread(struct __test_metadata *_metadata, const struct event *m, size_t nm,
			     const struct event *b, size_t nb, uint32_t tid)
{
	const struct oncpu_record **in_m = calloc(nm + 1, sizeof(*in_m));
	const struct oncpu_record **in_b = calloc(nb + 1, sizeof(*in_b));
	size_t n = own_of(m, nm, tid, in_m), n_bpf = own_of(b, nb, tid, in_b), i;

	for (i = 0; i < n && i < n_bpf && same_own(in_m[i], in_b[i]); i++)
		;
	EXPECT_EQ(n, i);
	EXPECT_EQ(n_bpf, i)
	{
		TH_LOG("thread %u: %zu records (module), %zu (bpf), the first %zu agree", tid, n,
		       n_bpf, i);
	}
	free(in_m);
	free(in_b);
	return n;
}

/* Threads are young: they lived while both recorded, and not one record may differ. */
TEST(both_recorders_see_all_of_a_thread)
{
	struct event *m, *b;
	size_t nm, nb, total = 0;
	uint32_t tid;
	struct trace *t;

	ASSERT_EQ(0, module_load());
	t = record_work("both", "futex", NULL);
	ASSERT_NE(NULL, t);
	EXPECT_EQ(0, lost_of(t, TRACE_MODULE));
	EXPECT_EQ(0, lost_of(t, TRACE_BPF));
	m = events_of(t, TRACE_MODULE, &nm);
	b = events_of(t, TRACE_BPF, &nb);
	for (tid = t->target_tid + 1; tid <= t->target_tid + NR_THREADS + 2 * NR_CALLERS; tid++)
		total += compare_thread(_metadata, m, nm, b, nb, tid);
	EXPECT_LT(2 * NR_CALLERS * (NR_CALLS + NR_BURSTS), total);
	free(m);
	free(b);
	trace_free(t);
}

int main(int argc, char **argv)
{
	if (argc == 3 && !strcmp(argv[1], "--work"))
		return strcmp(argv[2], "futex") ? work() : work_futex();
	return test_harness_run(argc, argv);
}
