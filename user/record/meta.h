/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The two JSON objects of a trace file: what was recorded, and how it ended (lib/trace.h).
 */
#ifndef ONCPU_RECORD_META_H
#define ONCPU_RECORD_META_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "record/source.h"
#include "record/target.h"

struct session_options;

struct meta {
	char *const *argv;
	pid_t target;
	uint64_t start_ns;
	const struct session_options *options;
	const struct source *sources;
	size_t nr_sources;
};

/* 0 or -errno; free(*out). meta_start scans /proc for the tasks that are alive. */
int meta_start(char **out, const struct meta *m);
int meta_end(char **out, const struct meta *m, uint64_t end_ns, const struct target_end *end);

#endif
