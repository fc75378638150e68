/* SPDX-License-Identifier: GPL-2.0 */
/* What the last check of an exercise left: work/.oncpu/SLUG/verdict.json, and traces beside it. */
#ifndef ONCPU_COURSE_LAST_H
#define ONCPU_COURSE_LAST_H

#include "course/course.h"
#include "grade/verdict.h"

struct last_check {
	struct verdict verdict;
	char trace[PATH_MAX]; /* "": there is none to look at */
};

/* 0 or -errno: -ENOENT where there was no check, -EBADMSG where the verdict is broken. */
int last_check_read(struct last_check *l, const struct course *c, const struct exercise *e);

#endif
