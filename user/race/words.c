// SPDX-License-Identifier: GPL-2.0
/* The measures, and what theory says of them, in words. */
#include <math.h>
#include <string.h>

#include "race/results.h"

#define MS 1e6

const struct race_measure_words race_measure_words[NR_RACE_MEASURES] = {
	[RACE_TURNAROUND] = { "turnaround", "ms", "from a job's arrival to its end", MS, 1 },
	[RACE_RESPONSE] = { "response", "ms", "from a job's arrival until it first ran", MS, 1 },
	[RACE_WAIT] = { "wait", "ms", "how long a job could run, and had no CPU", MS, 1 },
	[RACE_FAIRNESS] = { "fairness", "Jain",
			    "1: while jobs competed, all got their shares; 1/n: one of n got it "
			    "all",
			    1, 2 },
	[RACE_SWITCHES] = { "switches", "", "how often jobs were put on a CPU", 1, 0 },
	[RACE_MIGRATIONS] = { "moves", "", "... on another one than before", 1, 0 },
	[RACE_THROUGHPUT] = { "jobs", "per s", "jobs that ended, in each second", 1, 1 },
};

void race_number(char *buf, size_t size, enum race_measure measure, double value)
{
	const struct race_measure_words *w = &race_measure_words[measure];
	double shown = value / w->one;

	if (isnan(value))
		snprintf(buf, size, "-");
	else if (!w->decimals && fabs(shown - nearbyint(shown)) > 0.25)
		snprintf(buf, size, "%.1f", shown); /* half of two whole numbers */
	else
		snprintf(buf, size, "%.*f", shown >= 1000 ? 0 : w->decimals, shown);
}

/* The run that is furthest off, for what is allowed to it. */
static size_t worst_run(const struct race_result *r)
{
	double off, worst_off = -1;
	size_t i, worst = r->nr_runs;

	for (i = 0; i < r->nr_runs; i++) {
		const struct theory_said *s = &r->said[i];

		if (s->without)
			continue;
		off = s->allowed_ns > 0 ? fabs(s->got_ns - s->theory_ns) / s->allowed_ns : 0;
		if (off > worst_off) {
			worst_off = off;
			worst = i;
		}
	}
	return worst;
}

/* "job3's response was 12.1 ms where theory says 11.9 ms", "job3 got 24.1 % where theory says 25.0 %" */
static void say_job(const struct race_run *run, const struct theory_said *s, char *buf, size_t size)
{
	const char *name = run->jobs[s->job].name;
	double all = 0;
	size_t i;

	for (i = 0; i < run->nr_jobs; i++)
		all += run->jobs[i].fair_ns;
	if (s->measure == RACE_FAIRNESS)
		snprintf(buf, size,
			 "%s got %.1f %% of the CPU while jobs competed, theory says %.1f %%", name,
			 s->got_ns / all * 100, s->theory_ns / all * 100);
	else
		snprintf(buf, size, "%s had a %s of %.1f ms, theory says %.1f ms", name,
			 race_measure_words[s->measure].name, s->got_ns / MS, s->theory_ns / MS);
}

void race_verdict_words(const struct race_result *r, char *buf, size_t size)
{
	static const char *const all[] = { "agrees", "undecided", "differs" };
	static const char *const some[] = { "agree", "undecided", "differ" };
	size_t counts[THEORY_DIFFERS + 1], n = race_verdicts(r, counts), i;
	int at = 0;

	buf[0] = '\0';
	for (i = 0; i <= THEORY_DIFFERS; i++) {
		if (counts[i] == n)
			snprintf(buf, size, "%s", all[i]);
		else if (counts[i] && (size_t)at < size)
			at += snprintf(buf + at, size - (size_t)at, "%s%zu %s", at ? ", " : "",
				       counts[i], counts[i] == 1 ? all[i] : some[i]);
	}
}

int race_theory_sentence(const struct race_result *r, char *buf, size_t size)
{
	static const char *const words[] = { "agrees with", "cannot be held against",
					     "differs from" };
	size_t counts[THEORY_DIFFERS + 1], worst = worst_run(r);
	const struct theory_said *s;
	char job[160], runs[64] = "";

	if (!r->nr_runs)
		return snprintf(buf, size, "%s", "");
	if (!race_verdicts(r, counts))
		return snprintf(buf, size, "%s: theory gives no number: %s", r->name,
				r->said[0].without);
	s = &r->said[worst];
	say_job(&r->runs[worst], s, job, sizeof(job));
	if (counts[s->verdict] < r->nr_runs)
		snprintf(runs, sizeof(runs), " in %zu of %zu runs", counts[s->verdict], r->nr_runs);
	return snprintf(
		buf, size, "%s %s theory%s (%s). Furthest off: %s: %.1f ms, of %.1f allowed%s",
		r->name, words[s->verdict], runs, theory_words(r->rules.theory), job,
		fabs(s->got_ns - s->theory_ns) / MS, s->allowed_ns / MS,
		s->verdict == THEORY_UNDECIDED ? "; but its CPU stood still for longer than that"
					       : "");
}
