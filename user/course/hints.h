/* SPDX-License-Identifier: GPL-2.0 */
/* The hints of an exercise: hints.md, in three parts, each headed "## N title". */
#ifndef ONCPU_COURSE_HINTS_H
#define ONCPU_COURSE_HINTS_H

#define NR_HINTS 3

struct hints {
	char *text; /* of the file, cut */
	struct {
		char *title, *body; /* NULL where the file has no such part */
	} level[NR_HINTS];	    /* [0] is the first */
};

/* 0 or -errno: -EBADMSG where a part is missing. hints_free() it in any case. */
int hints_read(struct hints *h, const char *path);
void hints_free(struct hints *h);

#endif
