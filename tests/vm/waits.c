// SPDX-License-Identifier: GPL-2.0
/*
 * The oracle of causes: of the time that the recording has samples/waits.c asleep while it waits, as it
 * tells by its own clock, 99 of 100 must have the true cause, case by case.
 */
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kselftest_harness.h"
#include "lib/lib.h"
#include "model/model.h"

#define RESULT	 "/tmp/waits.out"
#define TRACE	 "/tmp/waits.oncpu"
#define NR_TOLD	 40 /* works[] of the sample, and who is stopped */
#define MAX_CASE 64

struct told {
	char cause[16], kind[16];
	uint32_t tid;
	uint64_t start_ns, end_ns;
};

struct sums {
	uint64_t asleep_ns, right_ns, other_ns; /* other: on a CPU, or wanting one */
};

static size_t read_told(struct told *t)
{
	FILE *f = fopen(RESULT, "re");
	unsigned long long from, to;
	size_t n = 0;

	while (f && n < MAX_CASE &&
	       fscanf(f, "%15s %15s %u %llu %llu", t[n].cause, t[n].kind, &t[n].tid, &from, &to) ==
		       5) {
		t[n].start_ns = from;
		t[n++].end_ns = to;
	}
	if (f)
		fclose(f);
	return n;
}

static bool is_right(const struct model *m, const struct interval *i, const struct told *w)
{
	if (i->state == STATE_STOPPED)
		return !strcmp(w->cause, "stopped");
	if (strcmp(model_cause_name(i->cause), w->cause))
		return false;
	return !strcmp(w->kind, "-") ||
	       (i->lock && !strcmp(trace_lock_name(m->locks[i->lock - 1].kind), w->kind));
}

static struct sums sum(const struct model *m, const struct told *w)
{
	const struct thread *t = model_thread_at(m, w->tid, w->start_ns);
	char sentence[MODEL_SENTENCE];
	struct sums s = {};
	size_t i;

	for (i = 0; t && i < t->nr_intervals; i++) {
		const struct interval *k = &t->intervals[i];
		uint64_t from = k->start_ns > w->start_ns ? k->start_ns : w->start_ns;
		uint64_t to = k->end_ns < w->end_ns ? k->end_ns : w->end_ns;

		if (from >= to)
			continue;
		if (k->state == STATE_RUNNING || k->state == STATE_RUNNABLE) {
			s.other_ns += to - from;
			continue;
		}
		s.asleep_ns += to - from;
		if (is_right(m, k, w)) {
			s.right_ns += to - from;
			continue;
		}
		model_sentence(m, t, k, sentence, sizeof(sentence));
		fprintf(stderr, "# %s %s, but: %s\n", w->cause, w->kind, sentence);
	}
	return s;
}

static struct trace *record_sample(const char *source)
{
	char folder[512], why[256] = "";
	struct trace *t = NULL;

	snprintf(folder, sizeof(folder), "%s", this_program());
	dirname(folder);
	if (run("%s record -o %s --source %s --user root -- %s/../samples/waits-O0 >%s", oncpu(),
		TRACE, source, folder, RESULT))
		return NULL;
	if (trace_read(&t, TRACE, why, sizeof(why)))
		fprintf(stderr, "# %s\n", why);
	return t;
}

static void check(struct __test_metadata *_metadata, const char *name, enum trace_source source)
{
	struct trace *t = record_sample(name);
	struct sums s, all = {};
	struct told told[MAX_CASE];
	struct model *m;
	size_t n, i, nr_awake = 0;

	ASSERT_NE(NULL, t);
	n = read_told(told);
	ASSERT_EQ(NR_TOLD, n);
	ASSERT_EQ(0, model_build(&m, t, source));
	for (i = 0; i < n; i++) {
		s = sum(m, &told[i]);
		nr_awake +=
			!s.asleep_ns; /* on a busy machine what it waits for may be there before it */
		EXPECT_GE(100 * s.right_ns, 99 * s.asleep_ns)
		{
			TH_LOG("%s %s: %llu of %llu us", told[i].cause, told[i].kind,
			       (unsigned long long)s.right_ns / 1000,
			       (unsigned long long)s.asleep_ns / 1000);
		}
		/* Its own clock: the thread did nothing but wait, as the recording sees it too. */
		EXPECT_EQ(told[i].end_ns - told[i].start_ns, s.asleep_ns + s.other_ns);
		all.asleep_ns += s.asleep_ns;
		all.right_ns += s.right_ns;
		all.other_ns += s.other_ns;
	}
	EXPECT_GE(3, nr_awake);
	TH_LOG("%s: of %llu ms off CPU %.2f %% have the true cause; %llu ms on one or wanting one",
	       name, (unsigned long long)all.asleep_ns / 1000000,
	       100.0 * (double)all.right_ns / (double)all.asleep_ns,
	       (unsigned long long)all.other_ns / 1000000);
	model_free(m);
	trace_free(t);
}

TEST(bpf)
{
	check(_metadata, "bpf", TRACE_BPF);
}

TEST(module)
{
	ASSERT_EQ(0, module_load());
	check(_metadata, "module", TRACE_MODULE);
}

TEST_HARNESS_MAIN
