/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The options of "oncpu record" that say what is recorded, and of whom: a child parser of argp's.
 */
#ifndef ONCPU_RECORD_WHOM_H
#define ONCPU_RECORD_WHOM_H

#include <argp.h>
#include <stdbool.h>
#include <stdio.h>

#include "record/session.h"

/* What was asked for, before it is known whether that exists. The input of whom_argp. */
struct whom {
	struct session_options *o; /* whose types, filter, cpus and pids are set */
	bool all, target_only, list_events;
	bool timed; /* --seconds ends a command, too */
	const char *cgroup;
};

extern const struct argp whom_argp;

/* After parsing: where neither a command nor anybody is chosen, it is the whole system. */
void whom_default_all(struct whom *w);

/* After parsing: do the options go together? 0, or -EINVAL with a sentence in why. */
int whom_check(const struct whom *w, char *why, size_t why_size);

/*
 * And then: makes the filter of it. Where nobody was chosen, that is the command's process tree.
 * 0, or -errno with a sentence in why: what is missing here.
 */
int whom_finish(struct whom *w, char *why, size_t why_size);

/* For "--events list". */
void whom_print_events(FILE *f);

#endif
