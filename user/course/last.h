/* SPDX-License-Identifier: GPL-2.0 */
/* What the last check of an exercise left to look at: work/.oncpu/SLUG/verdict.json. */
#ifndef ONCPU_COURSE_LAST_H
#define ONCPU_COURSE_LAST_H

#include <stdint.h>

#include "course/course.h"

struct last_check {
	char trace[PATH_MAX];	 /* "": none */
	uint64_t from_ns, to_ns; /* from the start of the command; both 0: all of it */
	uint32_t tid;		 /* 0: nobody in particular */
};

/* 0 or -errno: -ENOENT where there is no trace to look at, -EBADMSG where the verdict is broken. */
int last_check_read(struct last_check *l, const struct course *c, const struct exercise *e);

#endif
