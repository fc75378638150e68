/* SPDX-License-Identifier: GPL-2.0 */
/* What stands between a check's evidence and kselftest's harness, whose exit statuses these are. */
#ifndef ONCPU_GRADE_HARNESS_H
#define ONCPU_GRADE_HARNESS_H

#include <stdbool.h>

#include "grade/verdict.h"

#define CHECK_FAILED  1 /* KSFT_FAIL */
#define CHECK_SKIPPED 4 /* KSFT_SKIP */

/* --program=, --explored=, --out=, --oncpu=: what is judged, the folder for what is found, and the
 * oncpu that records. The harness gets the rest. 0, or -EINVAL with a word on stderr. */
int check_open(int *argc, char **argv);
/* True if something failed already. */
bool check_begin(const char *class, const char *title);
/* Returns if it passed; else writes OUT/verdict.json and ends this CHECK. */
void check_judge(struct verdict v, const char *why, const char *look);

#endif
