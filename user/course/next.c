// SPDX-License-Identifier: GPL-2.0
#include <unistd.h>

#include "course/next.h"
#include "course/quiz.h"

void next_standing(struct standing *s, const struct course *c, const struct progress *p,
		   const struct exercise *e)
{
	char path[PATH_MAX];

	progress_of(s, p, e->slug);
	if (access(course_work(path, c, e), F_OK))
		s->started = s->passed; /* the file is gone: it would have to be laid again */
	else
		s->started = true;
}

unsigned int next_unanswered(const struct course *c, const struct progress *p,
			     const struct lesson *l, bool after)
{
	char path[PATH_MAX], why[128];
	unsigned int nr = 0, i;
	struct quiz q;

	if (!quiz_read(&q, course_path(path, c, "%s/quiz", l->folder), why, sizeof(why)))
		for (i = 0; i < q.nr; i++)
			nr += q.questions[i].after == after && !progress_choice(p, l->name, i + 1);
	quiz_free(&q);
	return nr;
}

/* People may skip: what they touched last comes before the course's order. */
const struct exercise *next_exercise(const struct course *c, const struct progress *p)
{
	const struct exercise *e = progress_last(p, c);
	struct standing s;
	size_t i;

	if (e) {
		next_standing(&s, c, p, e);
		if (s.started && !s.passed)
			return e;
	}
	for (i = 0; i < c->nr_exercises; i++) {
		next_standing(&s, c, p, &c->exercises[i]);
		if (!s.passed)
			return &c->exercises[i];
	}
	return NULL;
}

/* A lesson all of whose exercises are passed, and whose last questions wait. */
static const struct lesson *to_look_back_on(const struct course *c, const struct progress *p)
{
	const struct lesson *l;
	struct standing s;
	size_t i, passed;

	for (l = c->lessons; l < c->lessons + c->nr_lessons; l++) {
		for (i = passed = 0; i < l->nr; i++) {
			progress_of(&s, p, c->exercises[l->first + i].slug);
			passed += s.passed;
		}
		if (l->nr && passed == l->nr && next_unanswered(c, p, l, true))
			return l;
	}
	return NULL;
}

void next_find(struct next *n, const struct course *c, const struct progress *p)
{
	const struct exercise *e = next_exercise(c, p);
	const struct lesson *back = to_look_back_on(c, p);

	*n = (struct next){ .kind = NEXT_NOTHING, .exercise = e };
	if (e) {
		next_standing(&n->standing, c, p, e);
		n->lesson = &c->lessons[e->lesson];
	}
	if (e && n->standing.started) {
		n->kind = NEXT_WORK;
	} else if (back) {
		n->kind = NEXT_SELF_CHECK;
		n->lesson = back;
	} else if (e) {
		n->kind = next_unanswered(c, p, n->lesson, false) ? NEXT_PREDICT : NEXT_START;
	}
}
