/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A run of the explorer as a trace, so that "oncpu view" shows it like any other: one CPU, a record for
 * each change of thread, and each operation a microsecond.
 */
#ifndef ONCPU_EXPLORE_TIMELINE_H
#define ONCPU_EXPLORE_TIMELINE_H

#include "explore/shared.h"
#include "explore/code.h"

/* s: a run with a log. 0 or -errno. */
int timeline_write(const char *path, const struct shared *s, const struct code *src,
		   const char *program);

#endif
