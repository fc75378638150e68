/* SPDX-License-Identifier: GPL-2.0 */
/* Inside the director: what its files share. One show a process. */
#ifndef ONCPU_DEMO_SHOW_PART_H
#define ONCPU_DEMO_SHOW_PART_H

#include "demo/demo.h"
#include "demo/seen.h"
#include "demo/show.h"

struct showing {
	struct demo demo; /* for its knobs */
	const char *folder, *workload;
	struct seen seen;
	const struct run *runs[SEEN_RUNS]; /* of seen.runs */
	bool all_run_as_root;
	const char *record[8];
	size_t nr_record;
};
extern struct showing showing;

/* Of a run of act(). */
struct seen_run *show_seen(const struct run *r);
/* Writes what was seen so far and ends the process. */
__attribute__((noreturn)) void show_end(void);

#endif
