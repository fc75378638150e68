/* SPDX-License-Identifier: GPL-2.0 */
/* Inside the report: what its files share. */
#ifndef ONCPU_VIEW_REPORT_PART_H
#define ONCPU_VIEW_REPORT_PART_H

#include <jansson.h>

#include "view/lines.h"
#include "view/report.h"

struct report {
	struct lines l;
	const struct trace *t;
	const struct model *m;
	const struct summary *s;
};

/* 0 or -ENOMEM. */
int report_threads(struct report *r);
int report_threads_brief(struct report *r);
int report_findings(struct report *r);
int report_locks(struct report *r);
int report_path(struct report *r);
void report_cpus(struct report *r);
void report_counters(struct report *r); /* nothing where nothing was counted */
int report_marks(struct report *r);	/* nothing where there are none */
void report_wakers(struct report *r);

/* A new reference, or NULL. */
json_t *report_findings_json(const struct model *m);
json_t *report_locks_json(const struct model *m);
json_t *report_path_json(const struct model *m);

#endif
