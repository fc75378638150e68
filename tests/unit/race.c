// SPDX-License-Identifier: GPL-2.0
/* The measures of a race and what theory says of them: on traces made by hand, and on jobs in numbers. */
#include <errno.h>
#include <math.h>
#include <stdlib.h>

#include "model_case.h"
#include "race/results.h"
#include "race/theory.h"

#undef HEAD
#define HEAD                                                                          \
	"cpus 2\nend 400\nexit 0\ntask M 100 100 1 oncpu\nname J1 101\nname J2 102\n" \
	"name J3 103\ntarget M\ntask X 50 50 1 other\n"                               \
	"0 cpu1 switch idle -> M R\n"                                                 \
	"0 cpu1 fork M -> J1 process\n0 cpu1 new J1 by M at 1\n"                      \
	"0 cpu1 fork M -> J2 process\n0 cpu1 new J2 by M at 1\n"                      \
	"0 cpu1 fork M -> J3 process\n0 cpu1 new J3 by M at 1\n"                      \
	"1 cpu1 switch M -> J1 S prio 120 120\n1 cpu1 comm J1 job1\n"                 \
	"2 cpu1 switch J1 -> J2 S prio 120 120\n2 cpu1 comm J2 job2\n"                \
	"3 cpu1 switch J2 -> J3 S prio 120 120\n3 cpu1 comm J3 job3\n"                \
	"4 cpu1 switch J3 -> idle S prio 120 120\n"

/* Three jobs of 100, 50 and 30 ms that come at 10, 10 and 20: one after the other on CPU 1. */
#define ONE_BY_ONE                                                                         \
	"10 cpu1 waking J1 by idle hardirq at 1\n10 cpu1 waking J2 by idle hardirq at 1\n" \
	"10 cpu1 switch idle -> J1 R prio 120 120\n10 marks begin J1 job\n"                \
	"20 cpu1 waking J3 by J1 hardirq at 1\n"                                           \
	"110 marks end J1 job\n110 cpu1 switch J1 -> J2 S prio 120 120\n"                  \
	"110 marks begin J2 job\n"                                                         \
	"160 marks end J2 job\n160 cpu1 switch J2 -> J3 S prio 120 120\n"                  \
	"160 marks begin J3 job\n"                                                         \
	"190 marks end J3 job\n190 cpu1 switch J3 -> idle S prio 120 120\n"

static const struct race_cpus cpu1 = { .first = 1, .nr = 1 };
static const struct theory_rules fifo = { .theory = THEORY_FIFO, .nr_cpus = 1 };
static const struct theory_rules sjf = { .theory = THEORY_SJF, .nr_cpus = 1 };

#define MS	   1000000ull
#define NEAR(a, b) EXPECT_LT(fabs((double)(a) - (double)(b)), 1e-6 * fabs((double)(b)) + 1e-9)

#define MEASURE(text)        \
	struct race_run run; \
	BUILD(text);         \
	ASSERT_EQ(0, race_run_make(&run, self->m, cpu1))

TEST_F(model, measures_of_three_jobs)
{
	MEASURE(ONE_BY_ONE);

	ASSERT_EQ(3, run.nr_jobs);
	EXPECT_STREQ("job1", run.jobs[0].name);
	EXPECT_EQ(100 * MS, run.jobs[0].ran_ns);
	EXPECT_EQ(0, run.jobs[0].waited_ns);
	EXPECT_EQ(50 * MS, run.jobs[1].ran_ns);
	EXPECT_EQ(100 * MS, run.jobs[1].waited_ns);
	EXPECT_EQ(140 * MS, run.jobs[2].waited_ns);
	EXPECT_EQ(1024, run.jobs[2].weight);
	EXPECT_EQ(180 * MS, run.end_ns - run.start_ns);
	NEAR(run.measures[RACE_TURNAROUND], (100 + 150 + 170) / 3.0 * MS);
	NEAR(run.measures[RACE_RESPONSE], (0 + 100 + 140) / 3.0 * MS);
	NEAR(run.measures[RACE_WAIT], (0 + 100 + 140) / 3.0 * MS);
	EXPECT_EQ(3, run.measures[RACE_SWITCHES]);
	EXPECT_EQ(0, run.measures[RACE_MIGRATIONS]);
	NEAR(run.measures[RACE_THROUGHPUT], 3 / 0.180);
	EXPECT_EQ(0, run.others_ns);
	EXPECT_EQ(0, run.idle_ns);
	race_run_free(&run);
}

/* While two and more wanted the CPU (10 to 160 ms): job1 had 100 ms of it, 5 + 30 were its share. */
TEST_F(model, fairness_is_about_the_time_of_competing)
{
	MEASURE(ONE_BY_ONE);
	double x[] = { 100 / 35.0, 50 / 60.0, 0 / 55.0 };

	NEAR(run.jobs[0].got_ns, 100 * MS);
	NEAR(run.jobs[0].fair_ns, (10 / 2.0 + 90 / 3.0) * MS);
	NEAR(run.jobs[1].fair_ns, (10 / 2.0 + 90 / 3.0 + 50 / 2.0) * MS);
	NEAR(run.jobs[2].fair_ns, (90 / 3.0 + 50 / 2.0) * MS);
	EXPECT_EQ(0, run.jobs[2].got_ns);
	NEAR(run.measures[RACE_FAIRNESS], race_jain(x, 3));
	race_run_free(&run);
}

TEST(jain)
{
	double same[] = { 5, 5, 5, 5 }, one[] = { 7, 0, 0, 0 }, two[] = { 1, 3 };

	NEAR(race_jain(same, 4), 1);
	NEAR(race_jain(one, 4), 0.25);
	NEAR(race_jain(two, 2), 0.8);
	EXPECT_TRUE(isnan(race_jain(one, 0)));
}

/* The second, of a third of the weight (nice 5), moves to the other CPU; half of its time it sleeps. */
TEST_F(model, weights_moves_and_sleep)
{
	MEASURE("10 cpu1 waking J1 by idle hardirq at 1\n10 cpu1 waking J2 by idle hardirq at 1\n"
		"10 cpu1 switch idle -> J1 R prio 120 120\n10 marks begin J1 job\n"
		"40 cpu1 switch J1 -> J2 R prio 120 125\n40 marks begin J2 job\n"
		"50 cpu1 switch J2 -> J1 S prio 125 120\n"
		"60 cpu0 waking J2 by idle hardirq at 1\n60 cpu0 migrate J2 1 -> 0 by X\n"
		"60 cpu0 switch idle -> J2 R prio 120 125\n"
		"70 marks end J2 job\n70 cpu0 switch J2 -> idle S prio 125 120\n"
		"80 marks end J1 job\n80 cpu1 switch J1 -> idle S prio 120 120\n");
	ASSERT_EQ(2, run.nr_jobs);
	EXPECT_EQ(335, run.jobs[1].weight);
	EXPECT_EQ(10 * MS, run.jobs[1].slept_ns);
	EXPECT_EQ(20 * MS, run.jobs[1].ran_ns);
	EXPECT_EQ(30 * MS, run.jobs[1].waited_ns);
	EXPECT_EQ(2, run.jobs[0].nr_switches);
	EXPECT_EQ(2, run.jobs[1].nr_switches);
	EXPECT_EQ(1, run.measures[RACE_MIGRATIONS]);
	NEAR(run.jobs[1].fair_ns, 50 * MS * 335 / 1359.0); /* 10-50 and 60-70 */
	NEAR(run.jobs[0].fair_ns, 50 * MS * 1024 / 1359.0);
	race_run_free(&run);
}

/* A point tells the length, another that the CPU stood still; and who else had it is counted. */
TEST_F(model, what_jobs_tell_and_others_take)
{
	MEASURE("9 marks point J1 length 60000\n"
		"10 cpu1 waking J1 by idle hardirq at 1\n"
		"10 cpu1 switch idle -> J1 R prio 120 120\n10 marks begin J1 job\n"
		"20 cpu1 switch J1 -> X P prio 120 120\n35 cpu1 switch X -> J1 S prio 120 120\n"
		"79 marks point J1 stalled 5000\n"
		"80 marks end J1 job\n80 cpu1 switch J1 -> idle S prio 120 120\n");
	ASSERT_EQ(1, run.nr_jobs);
	EXPECT_EQ(60 * MS, run.jobs[0].told_ns);
	EXPECT_EQ(5 * MS, run.jobs[0].stalled_ns);
	EXPECT_EQ(15 * MS, run.others_ns);
	EXPECT_TRUE(isnan(run.measures[RACE_FAIRNESS]));
	race_run_free(&run);
}

/* Nobody marked any: each thread of the command is one, from its birth. */
TEST_F(model, threads_are_jobs_where_none_is_marked)
{
	MEASURE("10 cpu1 waking J1 by idle hardirq at 1\n10 cpu1 switch idle -> J1 R\n"
		"30 cpu1 exit J1\n30 cpu1 switch J1 -> idle Z\n");
	ASSERT_EQ(4, run.nr_jobs);
	EXPECT_EQ(100, self->m->threads[run.jobs[0].thread].tid);
	race_run_free(&run);
}

TEST_F(model, fifo_agrees_with_fifo_alone)
{
	const struct theory_rules turns = {
		.theory = THEORY_ROUND_ROBIN, .nr_cpus = 1, .slice_ns = 5 * MS, .tick_ns = 4 * MS
	};
	struct theory_said said;
	MEASURE(ONE_BY_ONE);

	ASSERT_EQ(0, theory_ask(&said, &run, &fifo));
	EXPECT_EQ(THEORY_AGREES, said.verdict);
	NEAR(said.measures[RACE_TURNAROUND], 140 * MS);
	NEAR(said.measures[RACE_RESPONSE], 80 * MS);
	EXPECT_TRUE(isnan(said.measures[RACE_FAIRNESS]));
	ASSERT_EQ(0, theory_ask(&said, &run, &sjf)); /* job3 should be second */
	EXPECT_EQ(THEORY_DIFFERS, said.verdict);
	ASSERT_EQ(0, theory_ask(&said, &run, &turns));
	EXPECT_EQ(THEORY_DIFFERS, said.verdict);
	/* job3 comes at 20, as a slice of job2 ends: before it in the queue, after job1 */
	NEAR(said.measures[RACE_RESPONSE], (0 + 5 + 5) / 3.0 * MS);
	race_run_free(&run);
}

TEST_F(model, shares_by_weight)
{
	const struct theory_rules fair = {
		.theory = THEORY_SHARES, .nr_cpus = 1, .slice_ns = 3 * MS, .tick_ns = 4 * MS
	};
	struct theory_rules lottery = fair, two = fair;
	struct theory_said said;
	MEASURE(ONE_BY_ONE);

	lottery.theory = THEORY_LOTTERY;
	two.nr_cpus = 2;
	ASSERT_EQ(0, theory_ask(&said, &run, &fair));
	EXPECT_EQ(THEORY_DIFFERS, said.verdict);
	EXPECT_EQ(RACE_FAIRNESS, said.measure);
	NEAR(said.allowed_ns, 8 * MS);
	ASSERT_EQ(0, theory_ask(&said, &run, &lottery)); /* three deviations are some 45 ms */
	EXPECT_EQ(THEORY_DIFFERS, said.verdict);
	EXPECT_LT(30 * MS, said.allowed_ns);
	run.jobs[0].stalled_ns = 200 * MS;
	ASSERT_EQ(0, theory_ask(&said, &run, &fair));
	EXPECT_EQ(THEORY_UNDECIDED, said.verdict);
	ASSERT_EQ(0, theory_ask(&said, &run, &two));
	EXPECT_NE(NULL, said.without);
	race_run_free(&run);
}

/* What others took excuses a run by as much, and a CPU that a policy leaves idle does not. */
TEST_F(model, what_is_excused)
{
	struct theory_said said;
	MEASURE(ONE_BY_ONE);

	run.jobs[1].began_ns += 20 * MS;
	run.idle_ns = 20 * MS;
	ASSERT_EQ(0, theory_ask(&said, &run, &fifo));
	EXPECT_EQ(THEORY_DIFFERS, said.verdict);
	EXPECT_EQ(1, said.job);
	EXPECT_EQ(RACE_RESPONSE, said.measure);
	NEAR(said.got_ns, 120 * MS);
	NEAR(said.theory_ns, 100 * MS);
	run.others_ns = 20 * MS;
	ASSERT_EQ(0, theory_ask(&said, &run, &fifo));
	EXPECT_EQ(THEORY_AGREES, said.verdict);
	run.jobs[2].slept_ns = 5 * MS;
	ASSERT_EQ(0, theory_ask(&said, &run, &fifo));
	EXPECT_STREQ("its jobs sleep", said.without);
	race_run_free(&run);
}

static double turnaround(const struct theory_rules *rules, struct theory_job *jobs, size_t n)
{
	double sum = 0;
	size_t i;

	if (theory_simulate(rules, jobs, n))
		return -1;
	for (i = 0; i < n; i++)
		sum += jobs[i].turnaround_ns / (double)n / (double)MS;
	return sum;
}

/* Numbers that can be worked out on paper. */
TEST(textbook_numbers)
{
	struct theory_rules two = { .theory = THEORY_FIFO, .nr_cpus = 2 };
	struct theory_rules turns = { .theory = THEORY_ROUND_ROBIN,
				      .nr_cpus = 1,
				      .slice_ns = 10 * MS };
	struct theory_job jobs[] = { { .length_ns = 100 * MS, .rank_ns = 100 },
				     { .length_ns = 10 * MS, .rank_ns = 10 },
				     { .length_ns = 10 * MS, .rank_ns = 10 } };

	NEAR(turnaround(&fifo, jobs, 3), (100 + 110 + 120) / 3.0);
	NEAR(turnaround(&sjf, jobs, 3), (10 + 20 + 120) / 3.0);
	NEAR(turnaround(&two, jobs, 3), (100 + 10 + 20) / 3.0);
	NEAR(turnaround(&turns, jobs, 3), (120 + 20 + 30) / 3.0);
	NEAR(jobs[2].response_ns, 20 * MS);
	jobs[1].began_ns = 2 * MS; /* of two that are as short, theory says not which: as it was */
	jobs[2].began_ns = 1 * MS;
	NEAR(turnaround(&sjf, jobs, 3), (10 + 20 + 120) / 3.0);
	EXPECT_EQ(0, jobs[2].response_ns);
	EXPECT_EQ(10 * MS, jobs[1].response_ns);
	jobs[0].began_ns = 0; /* but it does of those that are not */
	NEAR(turnaround(&sjf, jobs, 3), (10 + 20 + 120) / 3.0);
	jobs[1].arrival_ns = jobs[2].arrival_ns = 10 * MS; /* the long one has begun */
	NEAR(turnaround(&sjf, jobs, 3), (100 + 100 + 110) / 3.0);
	jobs[0].length_ns = 5 * MS; /* and now the CPU is idle from 5 to 10 */
	NEAR(turnaround(&fifo, jobs, 3), (5 + 10 + 20) / 3.0);
	NEAR(turnaround(&turns, jobs, 3), (5 + 10 + 20) / 3.0);
	turns.slice_ns = 0;
	EXPECT_EQ(-EINVAL, theory_simulate(&turns, jobs, 3));
}

/* Five short slices of jobs of 5 s: the response is the slice by the place, the turnaround near 15 s. */
TEST(round_robin_in_small_slices)
{
	struct theory_rules turns = { .theory = THEORY_ROUND_ROBIN,
				      .nr_cpus = 1,
				      .slice_ns = 1 * MS };
	struct theory_job jobs[3] = { { .length_ns = 5000 * MS },
				      { .length_ns = 5000 * MS },
				      { .length_ns = 5000 * MS } };

	NEAR(turnaround(&turns, jobs, 3), 14999);
	EXPECT_EQ(2 * MS, jobs[2].response_ns);
}

TEST(spreads)
{
	struct race_run runs[4] = { 0 };
	struct theory_said said[4] = { { .verdict = THEORY_AGREES },
				       { .verdict = THEORY_DIFFERS },
				       { .without = "so" },
				       { .verdict = THEORY_AGREES } };
	struct race_result r = { .runs = runs, .said = said, .nr_runs = 4 };
	struct race_spread s;
	char words[64];
	int i;

	for (i = 0; i < 4; i++)
		runs[i].measures[RACE_TURNAROUND] = (double[]){ 40, 10, 30, 20 }[i];
	runs[1].measures[RACE_FAIRNESS] = NAN;
	s = race_spread_of(&r, RACE_TURNAROUND);
	NEAR(s.median, 25);
	NEAR(s.least, 10);
	NEAR(s.most, 40);
	EXPECT_EQ(2, race_typical(&r));
	EXPECT_EQ(0, race_spread_of(&r, RACE_FAIRNESS).median);
	race_verdict_words(&r, words, sizeof(words));
	EXPECT_STREQ("2 agree, 1 differs", words);
	said[0].verdict = THEORY_DIFFERS;
	race_verdict_words(&r, words, sizeof(words));
	EXPECT_STREQ("1 agrees, 2 differ", words);
	r.nr_runs = 0;
	EXPECT_TRUE(isnan(race_spread_of(&r, RACE_TURNAROUND).median));
}

TEST_HARNESS_MAIN
