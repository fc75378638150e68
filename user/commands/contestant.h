/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Who can take part in a race: schedulers of the kernel's own, and policies (sched/policy.h) by name or
 * path, with knobs as "rr,slice_us=2000".
 */
#ifndef ONCPU_COMMANDS_CONTESTANT_H
#define ONCPU_COMMANDS_CONTESTANT_H

#include <stdbool.h>
#include <stdio.h>

#include "race/metrics.h"
#include "race/theory.h"
#include "record/session.h"

struct contestant {
	const char *word;     /* as it was written */
	int policy, priority; /* of the kernel's own */
	bool is_ext;	      /* a policy of sched_ext instead */
	struct theory_rules rules;
};

/* 0; -EINVAL: there is none of that name, or -EOPNOTSUPP: not with this kernel; then why, and the mend. */
int contestant_find(struct contestant *c, const char *word, char *why, size_t why_size);

/* The names and what they are, a line each. */
void contestants_print(FILE *f);

/* One run. 0 or -errno with why; -ECANCELED: the kernel threw the policy out. */
int contestant_run(const struct contestant *c, struct race_cpus cpus, struct session_options *o,
		   struct session_result *result, char *why, size_t why_size);

#endif
