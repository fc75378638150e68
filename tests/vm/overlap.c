// SPDX-License-Identifier: GPL-2.0
/*
 * Two spinning threads on two CPUs run at the same instant; on one CPU they never do.
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "kselftest_harness.h"
#include "lib/lib.h"

#define SPIN_NS	 300000000ull /* of its own CPU time */
#define NR_TURNS 10 /* on one CPU: how often the two were put off it, as they see it themselves */

struct spinner {
	const char *name;
	int cpu;
	pthread_barrier_t *barrier;
	bool on_one;
};

static uint64_t thread_cpu_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &ts);
	return (uint64_t)ts.tv_sec * 1000000000ull + (uint64_t)ts.tv_nsec;
}

static int nr_turns;

/* Its part of them is added up as it goes. */
static void count_turns(long *seen)
{
	struct rusage u;

	getrusage(RUSAGE_THREAD, &u);
	__atomic_fetch_add(&nr_turns, (int)(u.ru_nivcsw - *seen), __ATOMIC_SEQ_CST);
	*seen = u.ru_nivcsw;
}

static void *spin(void *arg)
{
	struct spinner *s = arg;
	long seen = 0;

	pin(s->cpu);
	prctl(PR_SET_NAME, s->name); /* from here on it is where it belongs */
	pthread_barrier_wait(s->barrier);
	count_turns(&seen);
	__atomic_store_n(&nr_turns, 0, __ATOMIC_SEQ_CST);
	while (thread_cpu_ns() < SPIN_NS ||
	       (s->on_one && __atomic_load_n(&nr_turns, __ATOMIC_SEQ_CST) < NR_TURNS))
		count_turns(&seen);
	return NULL;
}

static int work(int other_cpu)
{
	pthread_barrier_t barrier;
	struct spinner s[2] = { { "spin-a", 0, &barrier, !other_cpu },
				{ "spin-b", other_cpu, &barrier, !other_cpu } };
	pthread_t t[2];
	int i;

	pthread_barrier_init(&barrier, NULL, 2);
	for (i = 0; i < 2; i++)
		pthread_create(&t[i], NULL, spin, &s[i]);
	for (i = 0; i < 2; i++)
		pthread_join(t[i], NULL);
	return 0;
}

/*
 * Walks through time and keeps who runs on each CPU. Counts the instants at which one of the two
 * comes to a CPU while the other is on one, once both have got their names: before, they are not
 * pinned yet.
 */
static int count_overlaps(const struct event *e, size_t n, uint32_t a, uint32_t b, int *nr_runs)
{
	uint32_t running[64] = {};
	unsigned int cpu;
	int count = 0, nr_named = 0;
	size_t i;

	*nr_runs = 0;
	for (i = 0; i < n; i++) {
		uint32_t next = e[i].r->sched_switch.next_tid;

		if (e[i].r->type == ONCPU_COMM && (e[i].r->tid == a || e[i].r->tid == b))
			nr_named++;
		if (e[i].r->type != ONCPU_SWITCH || e[i].cpu >= 64)
			continue;
		running[e[i].cpu] = next;
		if (nr_named < 2 || (next != a && next != b))
			continue;
		*nr_runs += 1;
		for (cpu = 0; cpu < 64; cpu++)
			if (running[cpu] == (next == a ? b : a))
				count++;
	}
	return count;
}

static int overlaps(struct __test_metadata *_metadata, enum trace_source source, const char *work,
		    int *nr_runs)
{
	struct trace *t = record_work(source == TRACE_BPF ? "bpf" : "module", work, NULL);
	struct event *e;
	int count;
	size_t n;

	ASSERT_NE(NULL, t);
	e = events_of(t, source, &n);
	ASSERT_NE(0, tid_named(e, n, "spin-a"));
	ASSERT_NE(0, tid_named(e, n, "spin-b"));
	count = count_overlaps(e, n, tid_named(e, n, "spin-a"), tid_named(e, n, "spin-b"), nr_runs);
	free(e);
	trace_free(t);
	return count;
}

TEST(two_cpus_overlap)
{
	int nr_runs;

	if (sysconf(_SC_NPROCESSORS_ONLN) < 2)
		SKIP(return, "one CPU only");
	ASSERT_EQ(0, module_load());
	EXPECT_LT(0, overlaps(_metadata, TRACE_BPF, "1", &nr_runs));
	EXPECT_LT(0, overlaps(_metadata, TRACE_MODULE, "1", &nr_runs));
}

TEST(one_cpu_never_does)
{
	int nr_runs;

	ASSERT_EQ(0, module_load());
	EXPECT_EQ(0, overlaps(_metadata, TRACE_BPF, "0", &nr_runs));
	EXPECT_LT(4, nr_runs); /* they did take turns */
	EXPECT_EQ(0, overlaps(_metadata, TRACE_MODULE, "0", &nr_runs));
	EXPECT_LT(4, nr_runs);
}

int main(int argc, char **argv)
{
	if (argc == 3 && !strcmp(argv[1], "--work"))
		return work(atoi(argv[2]));
	return test_harness_run(argc, argv);
}
