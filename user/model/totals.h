/* SPDX-License-Identifier: GPL-2.0 */
/* Sums over the threads of the command, for comparing runs. Pure, as the model is. */
#ifndef ONCPU_MODEL_TOTALS_H
#define ONCPU_MODEL_TOTALS_H

#include "model/model.h"

struct total_wait { /* all waits for one thing, by its words: addresses differ from run to run */
	char what[MODEL_TEMPLATE];
	uint64_t ns, nr;
};

struct totals {
	uint64_t nr_threads, took_ns, ran_ns, runnable_ns, slept_ns;
	uint64_t together_ns; /* with two and more threads running */
	uint64_t peak;	      /* threads running at one instant */
	uint64_t voluntary, involuntary, migrations, wakeups;
	uint64_t latency_max_ns;
	struct total_wait *waits; /* the longest sum first */
	size_t nr_waits;
};

/* 0 or -ENOMEM; totals_free() it. */
int totals_make(struct totals *t, const struct model *m);
void totals_free(struct totals *t);

#endif
