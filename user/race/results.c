// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <math.h>
#include <stdlib.h>

#include "race/results.h"

int race_result_add(struct race_result *r, struct race_run *run)
{
	struct race_run *runs = reallocarray(r->runs, r->nr_runs + 1, sizeof(*runs));
	struct theory_said *said;
	int err = -ENOMEM;

	if (!runs)
		goto failed;
	r->runs = runs;
	said = reallocarray(r->said, r->nr_runs + 1, sizeof(*said));
	if (!said)
		goto failed;
	r->said = said;
	err = theory_ask(&said[r->nr_runs], run, &r->rules);
	if (err)
		goto failed;
	runs[r->nr_runs++] = *run;
	return 0;
failed:
	race_run_free(run);
	return err;
}

void race_result_free(struct race_result *r)
{
	size_t i;

	for (i = 0; i < r->nr_runs; i++)
		race_run_free(&r->runs[i]);
	free(r->runs);
	free(r->said);
	*r = (struct race_result){ 0 };
}

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return x < y ? -1 : x > y;
}

static struct race_spread spread(double *values, size_t n)
{
	if (!n)
		return (struct race_spread){ NAN, NAN, NAN };
	qsort(values, n, sizeof(*values), by_value);
	return (struct race_spread){ (values[(n - 1) / 2] + values[n / 2]) / 2, values[0],
				     values[n - 1] };
}

static struct race_spread spread_of(const struct race_result *r, enum race_measure measure,
				    bool theory)
{
	double *values = calloc(r->nr_runs + 1, sizeof(*values)), value;
	struct race_spread s;
	size_t i, n = 0;

	for (i = 0; values && i < r->nr_runs; i++) {
		value = theory ? r->said[i].measures[measure] : r->runs[i].measures[measure];
		if (!isnan(value))
			values[n++] = value;
	}
	s = spread(values, n);
	free(values);
	return s;
}

struct race_spread race_spread_of(const struct race_result *r, enum race_measure measure)
{
	return spread_of(r, measure, false);
}

struct race_spread race_theory_of(const struct race_result *r, enum race_measure measure)
{
	return spread_of(r, measure, true);
}

/* Of two in the middle, the one that is nearer to the median of all. */
size_t race_typical(const struct race_result *r)
{
	double median = race_spread_of(r, RACE_TURNAROUND).median, off, best_off = INFINITY;
	size_t i, best = r->nr_runs;

	for (i = 0; i < r->nr_runs; i++) {
		off = fabs(r->runs[i].measures[RACE_TURNAROUND] - median);
		if (off < best_off) {
			best_off = off;
			best = i;
		}
	}
	return best;
}

size_t race_verdicts(const struct race_result *r, size_t counts[THEORY_DIFFERS + 1])
{
	size_t i, n = 0;

	for (i = 0; i <= THEORY_DIFFERS; i++)
		counts[i] = 0;
	for (i = 0; i < r->nr_runs; i++) {
		if (r->said[i].without)
			continue;
		counts[r->said[i].verdict]++;
		n++;
	}
	return n;
}
