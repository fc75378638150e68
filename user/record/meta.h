/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The two JSON objects of a trace file: what was recorded, and how it ended (lib/trace.h).
 */
#ifndef ONCPU_RECORD_META_H
#define ONCPU_RECORD_META_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "record/counters.h"
#include "record/marks.h"
#include "record/source.h"
#include "record/target.h"

struct now;
struct session_options;

struct meta_count { /* of a CPU: its records in the file, and what LOST records among them tell */
	uint64_t records, lost;
};

struct meta {
	char *const *argv;
	pid_t target;
	uint64_t start_ns;
	const struct session_options *options;
	const struct source *sources;
	size_t nr_sources;
	const struct marks *marks;
	const struct counters *counters;
	const struct now
		*before; /* a trace that begins in the middle: the tasks; NULL: from /proc */
};

/* 0 or -errno; free(*out). meta_start scans /proc for the tasks that are alive, if none are told. */
int meta_start(char **out, const struct meta *m);
int meta_end(char **out, const struct meta *m, uint64_t end_ns, const struct target_end *end);
/* Of one that ends in the middle, of one source; counts: by CPU. */
int meta_end_window(char **out, const struct source *s, uint64_t end_ns,
		    const struct meta_count *counts);

#endif
