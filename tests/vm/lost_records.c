// SPDX-License-Identifier: GPL-2.0
/*
 * Records lost on purpose are told exactly: how many, and when.
 *
 * A recorder with hardly any room is itself recorded by the other one, which has plenty. On each CPU
 * what the small one kept, with as many records left out as its LOST records say and where they say
 * so, must be what the large one saw.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kselftest_harness.h"
#include "lib/lib.h"

#define NR_PAIRS 4
#define NR_ROUNDS \
	400 /* of each pair: many times what the small one has room for, however long it takes */
#define PLENTY	   17
#define NEIGHBOURS 2
#define NR_LAST	   16 /* seen while some probes were off already */
/* Between two recorders' looks at one event, on a host that is busy with others. */
#define NEAR_NS 2000000000ull

struct recordings {
	struct trace *small, *large;
};

/* Pairs that keep to a CPU each: no migration, no lock of one that another waits for. */
static void load_apart(void)
{
	const int nr_cpus = (int)sysconf(_SC_NPROCESSORS_ONLN);
	int i;

	for (i = 0; i < NR_PAIRS; i++) {
		if (fork())
			continue;
		pin(i % nr_cpus);
		ping_pong(NR_ROUNDS);
		_exit(0);
	}
	while (wait(NULL) > 0)
		;
}

static int work_load(void)
{
	load_apart();
	return 0;
}

/* The reader of the rings is our parent: it stands still under load, and has room again after it. */
static int work_stopped(void)
{
	load_apart();
	kill(getppid(), SIGSTOP);
	load_apart();
	kill(getppid(), SIGCONT);
	load_apart();
	return 0;
}

static struct recordings record_twice(const char *small, const char *large, int order,
				      const char *work)
{
	struct recordings r = {};
	char why[256] = "";

	run("%s record -a --self --events sched,task --stacks=off -o /tmp/large.oncpu --source %s "
	    "--buffer %d --user root -- "
	    "%s record -a --self --events sched,task --stacks=off -o /tmp/small.oncpu --source %s "
	    "--buffer %d --user root -- %s --work %s",
	    oncpu(), large, PLENTY, oncpu(), small, order, this_program(), work);
	if (trace_read(&r.small, "/tmp/small.oncpu", why, sizeof(why)) ||
	    trace_read(&r.large, "/tmp/large.oncpu", why, sizeof(why)))
		fprintf(stderr, "# %s\n", why);
	unlink("/tmp/small.oncpu");
	unlink("/tmp/large.oncpu");
	return r;
}

/* What runs with interrupts off, so that both recorders must see it in the same order. */
static bool is_ordered(const struct oncpu_record *r)
{
	return r->type >= ONCPU_SWITCH && r->type <= ONCPU_MIGRATE;
}

static uint64_t apart(const struct oncpu_record *a, const struct oncpu_record *b)
{
	return a->time_ns > b->time_ns ? a->time_ns - b->time_ns : b->time_ns - a->time_ns;
}

static bool same(const struct oncpu_record *a, const struct oncpu_record *b)
{
	return a->type == b->type && a->tid == b->tid && a->flags == b->flags &&
	       a->raw[0] == b->raw[0] && a->raw[1] == b->raw[1] && apart(a, b) < NEAR_NS;
}

/* The one of l that is nearest in time to r, and is the same. */
static size_t find_nearest(const struct trace_stream *l, const struct oncpu_record *r)
{
	size_t i, best = l->n;

	for (i = 0; i < l->n; i++)
		if (same(&l->records[i], r) &&
		    (best == l->n || apart(&l->records[i], r) < apart(&l->records[best], r)))
			best = i;
	return best;
}

struct tally {
	size_t nr_gaps, nr_compared, nr_wrong;
	size_t nr_unordered, nr_shifts;
	uint64_t lost; /* as LOST records say */
	uint64_t outside;
};

/* The missing ones of the large stream lie within the gap's times. */
static void check_gap(struct tally *t, const struct trace_stream *l, size_t at,
		      const struct oncpu_record *gap)
{
	const uint64_t nr = gap->lost.nr;

	t->nr_gaps++;
	if (gap->lost.since_ns > gap->time_ns || at + nr > l->n ||
	    l->records[at].time_ns + NEAR_NS < gap->lost.since_ns ||
	    l->records[at + nr - 1].time_ns > gap->time_ns + NEAR_NS)
		t->outside++;
}

/*
 * What is not ordered may be seen by one recorder before and by the other after something else, or on
 * another CPU. Each such record may shift what comes after it by one, and no other thing may.
 */
static size_t check_record(struct tally *t, const struct trace_stream *l, size_t at,
			   const struct oncpu_record *r)
{
	const size_t first = at < NEIGHBOURS ? 0 : at - NEIGHBOURS;
	size_t i;

	if (!is_ordered(r)) {
		t->nr_unordered++;
		return at;
	}
	t->nr_compared++;
	if (at < l->n && same(r, &l->records[at]))
		return at;
	for (i = first; i < l->n && i <= at + NEIGHBOURS; i++) {
		if (!same(r, &l->records[i]))
			continue;
		t->nr_shifts += i < at ? at - i : i - at;
		return i;
	}
	t->nr_wrong++;
	return at;
}

static void count_unordered(struct tally *t, const struct trace_stream *l)
{
	size_t i;

	for (i = 0; i < l->n; i++)
		t->nr_unordered += !is_ordered(&l->records[i]);
}

/* Walks along both, from the first ordered record on. */
static struct tally compare(const struct trace_stream *s, const struct trace_stream *l)
{
	struct tally t = {};
	size_t i = 0, at;

	count_unordered(&t, l);
	while (i < s->n && !is_ordered(&s->records[i]))
		t.lost += s->records[i].type == ONCPU_LOST ? s->records[i].lost.nr : 0, i++;
	at = i < s->n ? find_nearest(l, &s->records[i]) : l->n;
	for (; i < s->n; i++) {
		const struct oncpu_record *r = &s->records[i];

		if (r->type == ONCPU_LOST) {
			t.lost += r->lost.nr;
			if (i + 1 < s->n) /* else nobody knows where the large one was by then */
				check_gap(&t, l, at, r);
			at += r->lost.nr;
		} else if (i + NR_LAST < s->n) {
			at = check_record(&t, l, at, r) + 1;
		}
	}
	return t;
}

static void check(struct __test_metadata *_metadata, const struct recordings *r,
		  enum trace_source small, enum trace_source large)
{
	size_t i, nr_gaps = 0;
	struct tally t;

	EXPECT_EQ(0, lost_of(r->large, large));
	for (i = 0; i < r->small->nr_streams; i++) {
		const struct trace_stream *s = &r->small->streams[i];
		const struct trace_stream *l = stream_of(r->large, large, s->cpu);

		ASSERT_EQ(small, s->source);
		ASSERT_NE(NULL, l);
		t = compare(s, l);
		TH_LOG("cpu %u: %llu lost in %zu gaps, %zu compared, %zu shifts by %zu", s->cpu,
		       (unsigned long long)t.lost, t.nr_gaps, t.nr_compared, t.nr_shifts,
		       t.nr_unordered);
		EXPECT_EQ(s->lost, t.lost);
		EXPECT_EQ(0, t.nr_wrong);
		EXPECT_LE(t.nr_shifts, t.nr_unordered);
		EXPECT_EQ(0, t.outside);
		nr_gaps += t.nr_gaps;
	}
	EXPECT_LT(0, nr_gaps);
}

static void run_case(struct __test_metadata *_metadata, enum trace_source small, int order,
		     const char *work)
{
	const char *const names[] = { [TRACE_MODULE] = "module", [TRACE_BPF] = "bpf" };
	const enum trace_source large = small == TRACE_BPF ? TRACE_MODULE : TRACE_BPF;
	struct recordings r;

	ASSERT_EQ(0, module_load());
	r = record_twice(names[small], names[large], order, work);
	ASSERT_NE(NULL, r.small);
	ASSERT_NE(NULL, r.large);
	check(_metadata, &r, small, large);
	trace_free(r.small);
	trace_free(r.large);
}

TEST(bpf_with_hardly_any_room)
{
	run_case(_metadata, TRACE_BPF, 6, "load");
}

TEST(module_with_hardly_any_room)
{
	run_case(_metadata, TRACE_MODULE, 6, "load");
}

TEST(bpf_whose_reader_is_stopped)
{
	run_case(_metadata, TRACE_BPF, 8, "stopped");
}

TEST(module_whose_reader_is_stopped)
{
	run_case(_metadata, TRACE_MODULE, 8, "stopped");
}

int main(int argc, char **argv)
{
	if (argc == 3 && !strcmp(argv[1], "--work"))
		return strcmp(argv[2], "stopped") ? work_load() : work_stopped();
	return test_harness_run(argc, argv);
}
