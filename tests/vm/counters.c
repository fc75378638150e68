// SPDX-License-Identifier: GPL-2.0
/*
 * Counters: 23 fresh pages are 23 page faults, for their thread and nobody else; every time on a CPU
 * has one context switch; what is not to be had is said with the reason.
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "kselftest_harness.h"
#include "lib/lib.h"
#include "model/model.h"
#include <oncpu/mark.h>

#define NR_PAGES 23
#define RESULT	 "/tmp/counters.out"
#define SAID	 "/tmp/counters.err"

enum { FAULTS, SWITCHES, CLOCK }; /* as asked for below */
#define COUNTERS "page-faults,context-switches,task-clock"

static void nap(void)
{
	nanosleep(&(struct timespec){ .tv_nsec = 30000000 }, NULL);
}

static long faults(void)
{
	struct rusage u;

	getrusage(RUSAGE_THREAD, &u);
	return u.ru_minflt + u.ru_majflt;
}

/* Goes to sleep before and after, so that what it did between is one stay on a CPU, or few. */
static long touch(volatile char *pages, long page)
{
	long before, i;

	nap();
	oncpu_begin("touch");
	before = faults();
	for (i = 0; i < NR_PAGES; i++)
		pages[i * page] = 1;
	before = faults() - before;
	oncpu_end("touch");
	nap();
	return before;
}

/* The second time nothing else in the way is new: neither code nor stack, nor a thread's first mark. */
static void *toucher(void *unused)
{
	long page = sysconf(_SC_PAGESIZE), n;
	char *pages = mmap(NULL, 2 * NR_PAGES * page, PROT_READ | PROT_WRITE,
			   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	madvise(pages, 2 * NR_PAGES * page, MADV_NOHUGEPAGE);
	touch(pages, page);
	n = touch(pages + NR_PAGES * page, page);
	printf("%d %ld\n", gettid(), n);
	return unused;
}

static void *spinner(void *stop)
{
	while (!__atomic_load_n((int *)stop, __ATOMIC_RELAXED))
		;
	return NULL;
}

static int work(void)
{
	pthread_t touching, spinning;
	int stop = 0;

	pthread_create(&spinning, NULL, spinner, &stop);
	pthread_create(&touching, NULL, toucher, NULL);
	pthread_join(touching, NULL);
	__atomic_store_n(&stop, 1, __ATOMIC_RELAXED);
	pthread_join(spinning, NULL);
	return fflush(stdout);
}

static struct trace *record(const char *options)
{
	char path[] = "/tmp/oncpu-test-XXXXXX", why[256] = "";
	struct trace *t = NULL;
	int fd = mkstemp(path);

	close(fd);
	if (run("%s record -o %s --user root %s -- %s --work - >%s 2>%s", oncpu(), path, options,
		this_program(), RESULT, SAID) ||
	    trace_read(&t, path, why, sizeof(why)))
		fprintf(stderr, "# %s: %s\n", options, why);
	unlink(path);
	return t;
}

/* What page-faults advanced by, on all CPUs, while tid was there, from from_ns to its next sleep after
 * to_ns. */
static uint64_t counted(const struct trace *t, uint32_t tid, uint64_t from_ns, uint64_t to_ns)
{
	const struct trace_stream *s;
	const struct oncpu_record *r;
	uint64_t sum = 0, last;
	size_t k;

	for (s = t->streams; s < t->streams + t->nr_streams; s++)
		for (last = k = 0; k + 1 < s->n; k++) {
			r = &s->records[k + 1];
			if (r->type != ONCPU_COUNTER || r->flags != 0)
				continue;
			if (s->records[k].type == ONCPU_SWITCH && s->records[k].tid == tid &&
			    last && r->time_ns >= from_ns && r->time_ns <= to_ns)
				sum += r->counter[FAULTS] - last;
			last = r->counter[FAULTS];
		}
	return sum;
}

static const struct mark *last_touch(const struct model *m)
{
	const struct mark *last = NULL, *k;

	for (k = m->marks; k < m->marks + m->nr_marks; k++)
		if (!strcmp(model_mark_name(m, k->name), "touch"))
			last = k;
	return last;
}

TEST(twenty_three_pages)
{
	struct trace *t = record("--counters " COUNTERS);
	const struct interval *asleep;
	const struct thread *thread;
	const struct mark *k;
	struct model *m;
	uint32_t tid = 0;
	long n = 0;
	FILE *f;

	ASSERT_NE(NULL, t);
	ASSERT_EQ(0, model_build(&m, t, 0));
	f = fopen(RESULT, "re");
	ASSERT_NE(NULL, f);
	ASSERT_EQ(2, fscanf(f, "%u %ld", &tid, &n));
	fclose(f);
	EXPECT_EQ(NR_PAGES, n);
	k = last_touch(m);
	ASSERT_NE(NULL, k);
	ASSERT_EQ(tid, k->tid);
	thread = &m->threads[k->thread];
	for (asleep = model_at(thread, k->end_ns); asleep->state != STATE_SLEEPING; asleep++)
		ASSERT_NE(STATE_DEAD, asleep->state);
	/* Its COUNTER comes right after the SWITCH that begins the sleep. */
	EXPECT_EQ(NR_PAGES, counted(t, tid, k->start_ns, asleep->end_ns - 1));
	EXPECT_LE(2 * NR_PAGES, thread->counted[FAULTS]);
	model_free(m);
	trace_free(t);
}

struct bounds {
	uint64_t least, most;
};

/* When the clock was read at a switch: after its record was begun, and before that of the clock. */
static const struct oncpu_record *clock_after(const struct trace_stream *s, size_t k)
{
	for (k++; k < s->n && s->records[k].type == ONCPU_COUNTER; k++)
		if (s->records[k].flags == CLOCK)
			return &s->records[k];
	return NULL;
}

/* How long a thread's stays may have been by the clock: it is read at both ends, each a while after the switch. */
static struct bounds bounds_of(const struct trace *t, uint32_t tid)
{
	const struct oncpu_record *r, *from, *clock, *from_clock;
	const struct trace_stream *s;
	struct bounds b = {};
	size_t k;

	for (s = t->streams; s < t->streams + t->nr_streams; s++)
		for (from = NULL, k = 0; k < s->n; k++) {
			r = &s->records[k];
			clock = r->type == ONCPU_SWITCH ? clock_after(s, k) : NULL;
			if (!clock)
				continue;
			if (from && r->tid == tid) {
				b.most += clock->time_ns - from->time_ns;
				if (r->time_ns > from_clock->time_ns)
					b.least += r->time_ns - from_clock->time_ns;
			}
			from = r->sched_switch.next_tid == tid ? r : NULL;
			from_clock = clock;
		}
	return b;
}

TEST(each_stay_is_a_switch_and_its_time)
{
	struct trace *t = record("--counters " COUNTERS);
	const struct thread *thread;
	struct bounds b;
	struct model *m;
	int nr = 0;

	ASSERT_NE(NULL, t);
	ASSERT_EQ(0, model_build(&m, t, 0));
	ASSERT_EQ(3, m->nr_counters);
	for (thread = m->threads; thread < m->threads + m->nr_threads; thread++) {
		if (!thread->target || thread->tid == t->target_tid)
			continue;
		nr++; /* its whole life was recorded; the last switch is the one at its end */
		EXPECT_EQ(thread->nr_voluntary + thread->nr_involuntary + 1,
			  thread->counted[SWITCHES]);
		b = bounds_of(t, thread->tid);
		EXPECT_LT(0, b.most);
		EXPECT_LE(b.least - b.least / 50, thread->counted[CLOCK]);
		EXPECT_GE(b.most + b.most / 50 + 1000, thread->counted[CLOCK]);
	}
	EXPECT_EQ(2, nr);
	model_free(m);
	trace_free(t);
}

TEST(none_asked_for_none_counted)
{
	struct trace *t = record("--source bpf");
	size_t i, k;

	ASSERT_NE(NULL, t);
	EXPECT_EQ(0, t->nr_counters);
	for (i = 0; i < t->nr_streams; i++)
		for (k = 0; k < t->streams[i].n; k++)
			EXPECT_NE(ONCPU_COUNTER, t->streams[i].records[k].type);
	trace_free(t);
}

TEST(what_cannot_be_counted_is_said)
{
	struct trace *t;

	EXPECT_EQ(2,
		  run("%s record -o /tmp/none --counters page-fault -- true 2>%s", oncpu(), SAID));
	EXPECT_EQ(0,
		  run("grep -q \"no counter is called 'page-fault'; there are: cycles,\" " SAID));
	EXPECT_EQ(2, run("%s record -o /tmp/none --counters cycles,cycles -- true 2>%s", oncpu(),
			 SAID));
	EXPECT_EQ(0, run("grep -q 'each once' " SAID));
	ASSERT_EQ(0, module_load());
	t = record("--source module --counters page-faults");
	ASSERT_NE(NULL, t);
	EXPECT_EQ(0, t->nr_counters);
	EXPECT_EQ(0,
		  run("grep -q 'page-faults: not available here: only the eBPF recorder' " SAID));
	trace_free(t);
}

/* Where there is a PMU it counts; where there is none that is said, and the rest is counted. */
TEST(hardware_where_there_is_any)
{
	struct trace *t = record("--counters instructions,page-faults");
	size_t nr;

	ASSERT_NE(NULL, t);
	nr = t->nr_counters;
	trace_free(t);
	if (nr == 2)
		SKIP(return, "this machine has a PMU");
	EXPECT_EQ(1, nr);
	EXPECT_EQ(0, run("grep -q 'instructions: not available here: this machine' " SAID));
}

int main(int argc, char **argv)
{
	if (argc == 3 && !strcmp(argv[1], "--work"))
		return work();
	return test_harness_run(argc, argv);
}
