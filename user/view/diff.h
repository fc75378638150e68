/* SPDX-License-Identifier: GPL-2.0 */
/* What changed between two runs: the sums of their commands' threads, side by side. */
#ifndef ONCPU_VIEW_DIFF_H
#define ONCPU_VIEW_DIFF_H

#include <stdbool.h>
#include <stdio.h>

#include "model/model.h"

struct diff_side {
	const char *name; /* of the file */
	const struct model *m;
};

/* Both 0 or -ENOMEM; whether f took it is for the caller to ask f. */
int diff_text(FILE *f, const struct diff_side *a, const struct diff_side *b, bool colour);

/*
 * {"oncpu_diff":1, "a":"old.oncpu", "b":"new.oncpu",
 *  "rows":[{"what":"ran","unit":"ns"|"times"|"threads","a":N,"b":N}...],    as the text has them
 *  "waits":[{"what":"the futex 0x7f00","a_ns":N,"b_ns":N,"a_times":N,"b_times":N}...],
 *  "findings":[{"kind":"deadlock","a":N,"b":N}...]}                          how many of each
 */
int diff_json(FILE *f, const struct diff_side *a, const struct diff_side *b);

#endif
