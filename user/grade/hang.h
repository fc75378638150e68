/* SPDX-License-Identifier: GPL-2.0 */
/* Runs that came to no good end, told as what they are. None of these returns. */
#ifndef ONCPU_GRADE_HANG_H
#define ONCPU_GRADE_HANG_H

#include "grade/run.h"

/* It hung, went on without end, or was killed: by its end. */
void hang_judge(const struct run *r);
/* Its exit status is not 0. */
void exit_judge(const struct run *r);

#endif
