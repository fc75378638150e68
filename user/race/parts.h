/* SPDX-License-Identifier: GPL-2.0 */
/* Inside the measures of a run; for user/race/ only. */
#ifndef ONCPU_RACE_PARTS_H
#define ONCPU_RACE_PARTS_H

#include "race/metrics.h"

/* Fills r->jobs: who they are, and when. 0, -ENOMEM or -ENODATA. */
int race_find_jobs(struct race_run *r, const struct model *m);

/* One interval after the other of a job, cut to its life. Begins with a piece of zeros. */
struct piece {
	const struct interval *i;
	uint64_t from_ns, to_ns;
};
bool piece_next(struct piece *p, const struct race_job *j, const struct thread *t);

/* The times at which more jobs could run than there were CPUs: in order, apart from each other. */
struct contest {
	struct contest_part {
		uint64_t start_ns, end_ns;
	} *parts;
	size_t nr_parts;
};

/* Fills got_ns and fair_ns of the jobs, too. 0 or -ENOMEM; contest_free() it in any case. */
int contest_find(struct contest *c, struct race_run *r, const struct model *m,
		 unsigned int nr_cpus);
void contest_free(struct contest *c);
uint64_t contest_overlap(const struct contest *c, uint64_t from_ns, uint64_t to_ns);

/* The parts of nr_cpus CPUs that jobs of these weights should have, none more than one CPU. In place. */
void race_fair_shares(double *weights, size_t n, unsigned int nr_cpus);

#endif
