/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What happened so far: work/.oncpu/progress, one line an event, only ever added to.
 *
 *   2026-11-22T15:30:00Z SLUG started
 *   2026-11-22T15:30:00Z SLUG checked VERDICT CLASS
 *   2026-11-22T15:30:00Z SLUG hint N
 *   2026-11-22T15:30:00Z SLUG reset
 *   2026-11-22T15:30:00Z NN-topic predicted Q=CHOICE
 *
 * People edit files: a line that is none of these is left where it is, and means nothing.
 */
#ifndef ONCPU_COURSE_PROGRESS_H
#define ONCPU_COURSE_PROGRESS_H

#include <stdbool.h>

#include "course/course.h"

enum event_kind {
	EVENT_STARTED,
	EVENT_CHECKED,
	EVENT_HINT,
	EVENT_RESET,
	EVENT_PREDICTED,
};

struct event {
	char name[64]; /* SLUG or NN-topic */
	enum event_kind kind;
	char verdict[16], class[16]; /* of a check: "pass", "fail"...; "" where none is told */
	unsigned int number;	     /* a hint's level, a question's number */
	unsigned int choice;	     /* of a prediction: 1 is the first option */
};

struct progress {
	struct event *events;
	size_t nr_events;
	size_t nr_unknown; /* lines that mean nothing here */
};

struct standing { /* of one exercise */
	bool started, passed;
	unsigned int nr_checks, hints;
	char verdict[16], class[16]; /* of the last check */
};

/* Where there is no file yet, nothing has happened. 0 or -errno; progress_free() it in any case. */
int progress_read(struct progress *p, const struct course *c);
void progress_free(struct progress *p);

/* One more line; the folder is made if need be. */
int progress_add(const struct course *c, const char *name, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

void progress_of(struct standing *s, const struct progress *p, const char *slug);
/* The option chosen last for this question of a lesson, 0: none. */
unsigned int progress_choice(const struct progress *p, const char *lesson, unsigned int question);
/* The exercise that something happened to last, NULL: none. */
const struct exercise *progress_last(const struct progress *p, const struct course *c);

#endif
