/* SPDX-License-Identifier: GPL-2.0 */
/* The one thing to do next. */
#ifndef ONCPU_COURSE_NEXT_H
#define ONCPU_COURSE_NEXT_H

#include "course/progress.h"

enum next_kind {
	NEXT_PREDICT,	 /* read the lesson's page, then say what will be seen */
	NEXT_START,	 /* lay an exercise's file */
	NEXT_WORK,	 /* on it, until its check passes */
	NEXT_SELF_CHECK, /* the lesson's last questions */
	NEXT_NOTHING,	 /* all is done */
};

struct next {
	enum next_kind kind;
	const struct lesson *lesson;
	const struct exercise *exercise; /* of START and WORK */
	struct standing standing;	 /* its */
};

void next_find(struct next *n, const struct course *c, const struct progress *p);

/* Of the exercise that one works on, or would begin with; NULL where all are passed. */
const struct exercise *next_exercise(const struct course *c, const struct progress *p);

/* Where one stands with it; a file in work/ is a beginning, also where no line says so. */
void next_standing(struct standing *s, const struct course *c, const struct progress *p,
		   const struct exercise *e);

/* Questions of this half of the lesson's quiz that have no answer yet; 0 where there is no quiz. */
unsigned int next_unanswered(const struct course *c, const struct progress *p,
			     const struct lesson *l, bool after);

#endif
