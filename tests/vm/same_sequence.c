// SPDX-License-Identifier: GPL-2.0
/*
 * Two recorders that know nothing of each other write the same story.
 *
 * oncpu starts the module first and stops it last, so that on each CPU what eBPF saw of one kind of
 * event must be an unbroken run of what the module saw: record for record, but for the time. No
 * other alignment is made: the run may start anywhere, but nothing in it may differ or be missing.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kselftest_harness.h"
#include "lib/lib.h"

#define NR_PAIRS  6
#define NR_ROUNDS 2000
#define NR_ENOUGH 1000 /* records a CPU, else the load was none */

static int work(void)
{
	int i;

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

static bool same(const struct oncpu_record *a, const struct oncpu_record *b)
{
	return a->tid == b->tid && a->flags == b->flags && a->raw[0] == b->raw[0] &&
	       a->raw[1] == b->raw[1];
}

/* Where in a the run b begins; -1: it does not; *longest: how far the best try came. */
static long find_run(const struct oncpu_record **a, size_t na, const struct oncpu_record **b,
		     size_t nb, size_t *longest)
{
	size_t at, i;

	*longest = 0;
	for (at = 0; at + nb <= na; at++) {
		for (i = 0; i < nb && same(a[at + i], b[i]); i++)
			;
		*longest = i > *longest ? i : *longest;
		if (i == nb)
			return (long)at;
	}
	return -1;
}

static size_t compare(struct __test_metadata *_metadata, const struct trace_stream *m,
		      const struct trace_stream *b, unsigned int type)
{
	const struct oncpu_record **in_m = calloc(m->n + 1, sizeof(*in_m));
	const struct oncpu_record **in_b = calloc(b->n + 1, sizeof(*in_b));
	size_t nm = only(m, type, in_m), nb = only(b, type, in_b), longest;

	EXPECT_LE(0, find_run(in_m, nm, in_b, nb, &longest))
	{
		TH_LOG("cpu %u, type %u: %zu records (bpf) are no run of %zu (module), %zu agree",
		       m->cpu, type, nb, nm, longest);
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
	}
	trace_free(t);
}

int main(int argc, char **argv)
{
	if (argc == 3 && !strcmp(argv[1], "--work"))
		return work();
	return test_harness_run(argc, argv);
}
