// SPDX-License-Identifier: GPL-2.0
/*
 * A learner's program (samples/locks.c) waits for every kind of lock and tells what it knows of each
 * wait: kind, owner, variable, line. The recording says the same of every one, and nothing else.
 */
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "kselftest_harness.h"
#include "lib/lib.h"
#include "model/model.h"

#define RESULT	  "/tmp/locks.out"
#define TRACE	  "/tmp/locks.oncpu"
#define NR_ROUNDS 2 /* of 23 waits each */
#define NR_CASES  23

struct answer {
	char which[32], kind[16], name[32];
	uint32_t owner, waiter;
	unsigned int line;
};

struct score {
	unsigned int right, wrong, missing;
};

static struct trace *record_sample(const char *source, const char *sample)
{
	char folder[512], why[256] = "";
	struct trace *t = NULL;

	snprintf(folder, sizeof(folder), "%s", this_program());
	dirname(folder);
	if (run("%s record -o %s --source %s -- %s/../samples/%s >%s", oncpu(), TRACE, source,
		folder, sample, RESULT))
		return NULL;
	if (trace_read(&t, TRACE, why, sizeof(why)))
		fprintf(stderr, "# %s\n", why);
	return t;
}

static bool has_line(const struct model *m, const struct interval *i, unsigned int line)
{
	char text[64];

	snprintf(text, sizeof(text), "locks.c:%u", line);
	return i->spot && !strcmp(m->spots[i->spot - 1].text, text);
}

/* What an interval says, as the sample words it. */
static const char *kind_of(const struct model *m, const struct interval *i)
{
	if (i->cause == CAUSE_JOIN)
		return "join";
	return i->lock ? trace_lock_name(m->locks[i->lock - 1].kind) : "futex";
}

static bool agrees(const struct model *m, const struct interval *i, const struct answer *a)
{
	const char *name = i->lock ? m->locks[i->lock - 1].name : "";

	if (strcmp(kind_of(m, i), a->kind) || !has_line(m, i, a->line))
		return false;
	if (strcmp(name, strcmp(a->name, "-") ? a->name : ""))
		return false;
	return i->cause == CAUSE_JOIN || i->owner == a->owner;
}

static bool is_lock_wait(const struct interval *i)
{
	return i->cause == CAUSE_FUTEX || i->cause == CAUSE_JOIN;
}

/* The waits of the lines that are told of, in their threads. */
static void judge(const struct model *m, const struct answer *a, unsigned int n,
		  struct score *score)
{
	const struct thread *t;
	const struct interval *i;
	unsigned int k, found[NR_CASES] = {};
	char sentence[MODEL_SENTENCE];

	for (t = m->threads; t < m->threads + m->nr_threads; t++)
		for (i = t->intervals; t->target && i < t->intervals + t->nr_intervals; i++) {
			if (!is_lock_wait(i))
				continue;
			for (k = 0; k < n && (a[k].waiter != t->tid || !agrees(m, i, &a[k])); k++)
				;
			if (k < n) {
				found[k]++;
				continue;
			}
			/* What the sample does not tell of: its own steering. */
			if (i->lock && !strcmp(m->locks[i->lock - 1].name, "go"))
				continue;
			if (i->cause == CAUSE_JOIN && i->spot)
				continue;
			score->wrong++;
			model_sentence(m, t, i, sentence, sizeof(sentence));
			fprintf(stderr, "# wrong: %s\n", sentence);
		}
	for (k = 0; k < n; k++) {
		score->right += found[k] > 0;
		score->missing += !found[k];
		if (!found[k])
			fprintf(stderr, "# missing: %s\n", a[k].which);
	}
}

static unsigned int read_answers(struct answer *a)
{
	unsigned int n = 0;
	FILE *f = fopen(RESULT, "re");

	while (f && n < NR_CASES &&
	       fscanf(f, "%31s %15s %u %31s %u %u", a[n].which, a[n].kind, &a[n].owner, a[n].name,
		      &a[n].line, &a[n].waiter) == 6)
		n++;
	if (f)
		fclose(f);
	return n;
}

static void check(struct __test_metadata *_metadata, const char *source, const char *sample)
{
	struct score score = {};
	struct answer answers[NR_CASES];
	struct model *m;
	struct trace *t;
	int round;

	if (!strcmp(source, "module"))
		ASSERT_EQ(0, module_load());
	for (round = 0; round < NR_ROUNDS; round++) {
		t = record_sample(source, sample);
		ASSERT_NE(NULL, t);
		ASSERT_EQ(NR_CASES, read_answers(answers));
		ASSERT_EQ(0, model_build(&m, t, 0));
		judge(m, answers, NR_CASES, &score);
		model_free(m);
		trace_free(t);
	}
	TH_LOG("%s, %s: %u right, %u wrong, %u missing", source, sample, score.right, score.wrong,
	       score.missing);
	EXPECT_EQ(NR_ROUNDS * NR_CASES, score.right);
	EXPECT_EQ(0, score.wrong);
	EXPECT_EQ(0, score.missing);
}

TEST(bpf_unoptimised)
{
	check(_metadata, "bpf", "locks-O0");
}

TEST(bpf_optimised)
{
	check(_metadata, "bpf", "locks-O2");
}

TEST(bpf_static)
{
	check(_metadata, "bpf", "locks-static");
}

TEST(module_unoptimised)
{
	check(_metadata, "module", "locks-O0");
}

TEST(module_optimised)
{
	check(_metadata, "module", "locks-O2");
}

TEST_HARNESS_MAIN
