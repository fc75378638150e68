/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A lesson, or one exercise of it, as one HTML file that needs no other: its pages, the questions with
 * what was answered, hints folded, and the solutions of what is passed.
 */
#ifndef ONCPU_COURSE_PAGE_H
#define ONCPU_COURSE_PAGE_H

#include <stdio.h>

#include "course/progress.h"

/* only: that exercise; NULL: the whole lesson. 0 or -errno. */
int page_write(FILE *out, const struct course *c, const struct progress *p, const struct lesson *l,
	       const struct exercise *only);

#endif
