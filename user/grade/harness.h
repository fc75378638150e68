/* SPDX-License-Identifier: GPL-2.0 */
/* What stands between a check's evidence and kselftest's harness, whose exit statuses these are. */
#ifndef ONCPU_GRADE_HARNESS_H
#define ONCPU_GRADE_HARNESS_H

#include <stdbool.h>

#include "grade/verdict.h"

#define CHECK_FAILED  1 /* KSFT_FAIL */
#define CHECK_SKIPPED 4 /* KSFT_SKIP */

/* No CHECK is begun later than that. On a machine with some time for it all of them take five to ten. */
#define CHECKS_SECONDS 90

/* --program=, --explored=, --out=, --oncpu=: what is judged, the folder for what is found, and the
 * oncpu that records. The harness gets the rest. 0, or -EINVAL with a word on stderr. */
int check_open(int *argc, char **argv);
/* True if it is not to be made: something failed already, or there is no time left. */
bool check_begin(const char *class, const char *title);
/* It came to its end, and passed. */
void check_end(void);
/* Returns if it passed; else writes OUT/verdict.json and ends this CHECK. */
void check_judge(struct verdict v, const char *why, const char *look);

#endif
