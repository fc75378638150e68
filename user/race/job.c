// SPDX-License-Identifier: GPL-2.0
/* How a job is written; see job.h. */
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>

#include "race/job.h"

#define MOST_MS	    600000.0
#define MOST_WEIGHT 100000
#define NS_PER_MS   1e6

/* sched_prio_to_weight[] of kernel/sched/core.c. */
static const unsigned int weights[] = {
	88761, 71755, 56483, 46273, 36291, 29154, 23254, 18705, 14949, 11916,
	9548,  7620,  6100,  4904,  3906,  3121,  2501,	 1991,	1586,  1277,
	1024,  820,   655,   526,   423,   335,	  272,	 215,	172,   137,
	110,   87,    70,    56,    45,	   36,	  29,	 23,	18,    15,
};

unsigned int nice_weight(int nice)
{
	return weights[nice < -20 ? 0 : nice > 19 ? 39 : nice + 20];
}

static bool take_ms(uint64_t *ns, const char **s)
{
	char *end;
	double ms;

	if (**s != '.' && (**s < '0' || **s > '9'))
		return false;
	ms = strtod(*s, &end);
	if (end == *s || !(ms >= 0 && ms <= MOST_MS))
		return false;
	*ns = (uint64_t)(ms * NS_PER_MS + 0.5);
	*s = end;
	return true;
}

static bool take_bursts(struct job *j, const char **s)
{
	++*s;
	if (!take_ms(&j->burst_ns, s) || **s != '+')
		return false;
	++*s;
	return take_ms(&j->sleep_ns, s) && j->burst_ns && j->sleep_ns;
}

static bool take_weight(struct job *j, const char **s)
{
	unsigned long weight;
	char *end;

	++*s;
	if (**s < '1' || **s > '9')
		return false;
	weight = strtoul(*s, &end, 10);
	*s = end;
	j->weight = (unsigned int)weight;
	return weight <= MOST_WEIGHT;
}

int job_parse(struct job *j, const char *word)
{
	const char *s = word;
	bool good;

	*j = (struct job){ .weight = 1 };
	good = take_ms(&j->length_ns, &s) && j->length_ns;
	if (good && *s == '/')
		good = take_bursts(j, &s);
	if (good && *s == '@') {
		s++;
		good = take_ms(&j->arrival_ns, &s);
	}
	if (good && *s == ':')
		good = take_weight(j, &s);
	return good && !*s ? 0 : -EINVAL;
}

/* The nice value whose weight is nearest to that part of nice 0's, as ratios go. */
static int nice_of(double part)
{
	double wanted = part * nice_weight(0);
	int nice = 0;

	while (nice < 19 && wanted * wanted < (double)nice_weight(nice) * nice_weight(nice + 1))
		nice++;
	return nice;
}

int jobs_weigh(struct job *jobs, size_t n)
{
	unsigned int most = 1;
	size_t i;

	for (i = 0; i < n; i++)
		most = jobs[i].weight > most ? jobs[i].weight : most;
	for (i = 0; i < n; i++) {
		if (jobs[i].weight * (uint64_t)nice_weight(0) < (uint64_t)most * nice_weight(19))
			return -ERANGE;
		jobs[i].nice = nice_of((double)jobs[i].weight / most);
	}
	return 0;
}
