// SPDX-License-Identifier: GPL-2.0
/*
 * 23 marks in each of four threads and of a forked child are exactly those: nested as they were, by
 * the right thread, in its life, and on the same clock as its switches.
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "kselftest_harness.h"
#include "lib/lib.h"
#include "model/model.h"
#include <oncpu/mark.h>

#define NR_MARKS   23
#define NR_THREADS 4
#define NR_LIVES   (ONCPU_MARK_SLOTS + 100)
#define RESULT	   "/tmp/marks.out"

static void nap(void)
{
	nanosleep(&(struct timespec){ .tv_nsec = 5000000 }, NULL);
}

/* "outer" around each "inner" around a sleep, with a point before and after that. */
static void *mark(void *number)
{
	uint64_t value;

	for (value = 0; value < NR_MARKS; value++) {
		oncpu_begin("outer");
		{
			oncpu_scope("inner");

			oncpu_point("before", value);
			nap();
			oncpu_point("after", value);
		}
		oncpu_end("outer");
	}
	return number;
}

/* No stdio: a child forked while a thread prints would print that once more. */
static void print_tid(void)
{
	dprintf(STDOUT_FILENO, "%d\n", gettid());
}

static void *thread(void *number)
{
	print_tid();
	return mark(number);
}

/* Four threads, one after the other has begun, and a child forked by one that has marked. */
static int work_threads(void)
{
	pthread_t threads[NR_THREADS];
	int i, status;

	oncpu_point("parent", 1);
	for (i = 0; i < NR_THREADS; i++)
		pthread_create(&threads[i], NULL, thread, NULL);
	if (fork() == 0) {
		thread(NULL);
		exit(0);
	}
	for (i = 0; i < NR_THREADS; i++)
		pthread_join(threads[i], NULL);
	wait(&status);
	oncpu_point("parent", 2);
	return status;
}

static unsigned int count(const struct model *m, uint32_t tid, const char *name)
{
	unsigned int n = 0;
	size_t i;

	for (i = 0; i < m->nr_marks; i++)
		n += m->marks[i].tid == tid &&
		     !strcmp(model_mark_name(m, m->marks[i].name), name) && !m->marks[i].no_end &&
		     !m->marks[i].no_begin;
	return n;
}

static const struct mark *next_of(const struct model *m, const struct mark *after, const char *name)
{
	const struct mark *k;

	for (k = after + 1; k < m->marks + m->nr_marks; k++)
		if (k->tid == after->tid && !strcmp(model_mark_name(m, k->name), name))
			return k;
	return NULL;
}

/*
 * It was on a CPU at both points, and what it slept was between them. Whether it did is returned: on a
 * guest that gets no CPU, its timer may fire before it has gone to sleep.
 */
static bool check_sleep(struct __test_metadata *_metadata, const struct model *m,
			const struct mark *outer)
{
	const struct mark *inner = next_of(m, outer, "inner");
	const struct mark *before = next_of(m, outer, "before");
	const struct mark *after = next_of(m, outer, "after");
	const struct thread *t = &m->threads[outer->thread];
	const struct interval *i;

	EXPECT_LT(outer->thread, m->nr_threads);
	EXPECT_TRUE(inner && before && after);
	if (outer->thread >= m->nr_threads || !inner || !before || !after)
		return false;
	EXPECT_EQ(0, outer->depth);
	EXPECT_EQ(1, inner->depth);
	EXPECT_LE(outer->start_ns, inner->start_ns);
	EXPECT_LE(inner->end_ns, outer->end_ns);
	EXPECT_LE(inner->start_ns, before->start_ns);
	EXPECT_LE(after->start_ns, inner->end_ns);
	EXPECT_EQ(before->value, after->value);
	EXPECT_EQ(STATE_RUNNING, model_at(t, before->start_ns)->state);
	EXPECT_EQ(STATE_RUNNING, model_at(t, after->start_ns)->state);
	for (i = model_at(t, before->start_ns); i->end_ns < after->start_ns; i++) {
		if (i->state != STATE_SLEEPING)
			continue;
		EXPECT_LT(before->start_ns, i->start_ns);
		EXPECT_GE(inner->off_cpu_ns, i->end_ns - i->start_ns);
		EXPECT_LT(inner->off_cpu_ns, inner->end_ns - inner->start_ns);
		return true;
	}
	return false;
}

static void check_thread(struct __test_metadata *_metadata, const struct model *m, uint32_t tid)
{
	static const char *const names[] = { "outer", "inner", "before", "after" };
	const struct mark *k;
	int nr_slept = 0;
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(*names); i++)
		EXPECT_EQ(NR_MARKS, count(m, tid, names[i]))
		{
			TH_LOG("name %zu of %u", i, tid);
		}
	for (k = m->marks; k < m->marks + m->nr_marks; k++)
		if (k->tid == tid && !strcmp(model_mark_name(m, k->name), "outer"))
			nr_slept += check_sleep(_metadata, m, k);
	EXPECT_LT(NR_MARKS / 2, nr_slept);
}

static void check_source(struct __test_metadata *_metadata, const struct trace *t,
			 enum trace_source source)
{
	FILE *f = fopen(RESULT, "re");
	struct model *m;
	uint32_t tid;
	int n = 0;

	ASSERT_NE(NULL, f);
	ASSERT_EQ(0, model_build(&m, t, source));
	for (; fscanf(f, "%u", &tid) == 1; n++)
		check_thread(_metadata, m, tid);
	fclose(f);
	EXPECT_EQ(NR_THREADS + 1, n);
	EXPECT_EQ((NR_THREADS + 1) * 4 * NR_MARKS + 2, m->nr_marks);
	EXPECT_EQ(2, count(m, t->target_tid, "parent"));
	EXPECT_EQ(0, m->nr_marks_lost);
	model_free(m);
}

TEST(exactly_the_marks_of_each_thread)
{
	struct trace *t;

	ASSERT_EQ(0, module_load());
	t = record_work("both", "threads", RESULT);
	ASSERT_NE(NULL, t);
	EXPECT_TRUE(t->complete);
	check_source(_metadata, t, TRACE_BPF);
	check_source(_metadata, t, TRACE_MODULE);
	trace_free(t);
}

/* Without records between, more than a ring holds: what does not fit is lost, and counted. */
static int work_flood(void)
{
	uint64_t i;

	for (i = 0; i < 100000; i++)
		oncpu_point("flood", i);
	return 0;
}

static void *one_point(void *value)
{
	oncpu_point("short life", (uint64_t)(uintptr_t)value);
	return NULL;
}

static int work_lives(void)
{
	pthread_t t;
	uintptr_t i;

	for (i = 0; i < NR_LIVES; i++) {
		if (pthread_create(&t, NULL, one_point, (void *)i))
			return 1;
		pthread_join(t, NULL);
	}
	return 0;
}

static struct trace *record_with(const char *options, const char *work)
{
	char path[] = "/tmp/oncpu-test-XXXXXX", why[256] = "";
	struct trace *t = NULL;
	int fd = mkstemp(path);

	close(fd);
	if (run("%s record -o %s --source bpf --user root %s -- %s --work %s >%s", oncpu(), path,
		options, this_program(), work, RESULT) ||
	    trace_read(&t, path, why, sizeof(why)))
		fprintf(stderr, "# --work %s: %s\n", work, why);
	unlink(path);
	return t;
}

TEST(what_does_not_fit_is_counted)
{
	struct trace *t = record_with("-b 6", "flood");

	ASSERT_NE(NULL, t);
	EXPECT_LT(0, t->marks.lost);
	EXPECT_LT(0, t->marks.n);
	EXPECT_EQ(100000, t->marks.n + t->marks.lost);
	trace_free(t);
}

TEST(slots_of_ended_threads_are_taken_again)
{
	struct trace *t = record_with("", "lives");
	size_t i;

	ASSERT_NE(NULL, t);
	ASSERT_EQ(NR_LIVES, t->marks.n);
	EXPECT_EQ(0, t->marks.lost);
	for (i = 0; i < t->marks.n; i++)
		EXPECT_EQ(i, t->marks.records[i].mark.value);
	EXPECT_EQ(1, t->nr_mark_names);
	trace_free(t);
}

/* In the child of a shell, by exec; and none where all files are closed. */
static int work_shell(bool closing)
{
	char command[600];

	snprintf(command, sizeof(command), "%s --work flood", this_program());
	if (closing)
		closefrom(3);
	return system(command);
}

TEST(exec_keeps_marks)
{
	struct trace *t = record_with("", "shell");

	ASSERT_NE(NULL, t);
	EXPECT_EQ(100000, t->marks.n + t->marks.lost);
	trace_free(t);
}

TEST(closed_files_are_no_marks)
{
	struct trace *t = record_with("", "closing");

	ASSERT_NE(NULL, t);
	EXPECT_EQ(0, t->marks.n + t->marks.lost);
	trace_free(t);
}

/* All of the memory that is shared, with room for 64 slots. */
static struct oncpu_mark_memory_ *map_memory(size_t *bytes)
{
	const char *number = getenv(ONCPU_MARK_ENV);
	void *p =
		mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, number ? atoi(number) : -1, 0);
	uint32_t order;

	if (p == MAP_FAILED)
		exit(1);
	order = ((struct oncpu_mark_memory_ *)p)->order;
	*bytes = ONCPU_MARK_RECORDS_AT + ((size_t)64 << order) * sizeof(struct oncpu_mark_record_);
	p = mmap(NULL, *bytes, PROT_READ | PROT_WRITE, MAP_SHARED, atoi(number), 0);
	if (p == MAP_FAILED || !ftruncate(atoi(number), 0)) /* it is sealed */
		exit(1);
	return p;
}

/* Whole records, of which only three can be marks: the rest lies about type, time and thread. */
static int work_forge(void)
{
	size_t bytes;
	struct oncpu_mark_memory_ *m = map_memory(&bytes);
	struct oncpu_mark_record_ *r =
		(struct oncpu_mark_record_ *)((char *)m + ONCPU_MARK_RECORDS_AT);
	struct timespec now;
	int i;

	clock_gettime(CLOCK_MONOTONIC, &now);
	for (i = 0; i < NR_MARKS; i++) {
		r[i] = (struct oncpu_mark_record_){ .time_ns = now.tv_sec * 1000000000ull +
							       (uint64_t)now.tv_nsec,
						    .tid = 1,
						    .type = ONCPU_MARK_POINT_,
						    .flags = 0xff,
						    .lap = 1,
						    .name = 12345 };
		if (i % 4 == 0 && i >= 12)
			continue;
		if (i % 4 == 1)
			r[i].time_ns = i % 8 == 1 ? 1 : r[i].time_ns + 3600000000000ull;
		else if (i % 4 == 2)
			r[i].type = i % 8 == 2 ? ONCPU_SWITCH : 200;
		else
			r[i].tid = i % 8 == 3 ? 0 : UINT32_MAX;
	}
	m->rings[0].head = NR_MARKS;
	__atomic_store_n(&m->owners[0], 1, __ATOMIC_RELEASE);
	return 0;
}

TEST(forged_records_are_no_marks)
{
	struct trace *t = record_with("", "forge");
	size_t i;

	ASSERT_NE(NULL, t);
	ASSERT_EQ(3, t->marks.n);
	EXPECT_EQ(NR_MARKS - 3, t->marks.lost);
	EXPECT_TRUE(t->complete);
	for (i = 0; i < t->marks.n; i++) {
		EXPECT_EQ(ONCPU_MARK_POINT, t->marks.records[i].type);
		EXPECT_EQ(0, t->marks.records[i].flags);
		EXPECT_EQ(ONCPU_MARK_NO_NAME, t->marks.records[i].mark.name);
	}
	trace_free(t);
}

/* Garbage over all of the memory that is shared, again and again, and a kernel event at times. */
static int work_spoil(void)
{
	uint64_t random = 88172645463325252ull, *p;
	size_t bytes, i, round;

	p = (uint64_t *)map_memory(&bytes);
	for (round = 0; round < 40; round++) {
		for (i = 0; i < bytes / sizeof(*p); i++) {
			random ^= random << 13;
			random ^= random >> 7;
			random ^= random << 17;
			p[i] = random;
		}
		nap();
	}
	return 0;
}

TEST(garbage_spoils_marks_only)
{
	struct model *m;
	struct trace *t;
	size_t i;

	t = record_with("", "spoil"); /* that this ends at all is the harness's time limit to see */
	ASSERT_NE(NULL, t);
	EXPECT_TRUE(t->complete);
	EXPECT_EQ(0, lost_of(t, TRACE_BPF));
	EXPECT_LT(0, t->marks.lost);
	for (i = 0; i < t->marks.n; i++) {
		EXPECT_GE(t->marks.records[i].time_ns, t->start_ns - 1000000000);
		EXPECT_LE(t->marks.records[i].time_ns, t->end_ns);
	}
	ASSERT_EQ(0, model_build(&m, t, 0));
	EXPECT_EQ(TRACE_BPF, m->source);
	model_free(m);
	trace_free(t);
}

int main(int argc, char **argv)
{
	const char *work = argc == 3 && !strcmp(argv[1], "--work") ? argv[2] : "";

	if (!*work)
		return test_harness_run(argc, argv);
	if (!strcmp(work, "threads"))
		return work_threads();
	if (!strcmp(work, "flood"))
		return work_flood();
	if (!strcmp(work, "lives"))
		return work_lives();
	if (!strcmp(work, "forge"))
		return work_forge();
	if (!strcmp(work, "spoil"))
		return work_spoil();
	return work_shell(!strcmp(work, "closing"));
}
