/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the commands of the learner's loop have in common: the course and its progress, opened or the
 * trouble told; the exercise that was meant; and paths and commands as they are typed from here.
 */
#ifndef ONCPU_COMMANDS_LOOP_H
#define ONCPU_COMMANDS_LOOP_H

#include "course/next.h"

struct loop {
	const char *command; /* "start", for what it says */
	struct course course;
	struct progress progress;
};

/* The one argument of a command that has no options, NULL where there is none. */
const char *loop_argument(int argc, char **argv, const char *args_doc, const char *doc);

/* An exit status; loop_close() it in any case. */
int loop_open(struct loop *l, const char *command);
void loop_close(struct loop *l);
/* After something was added to it. */
int loop_reread(struct loop *l);

/* The exercise of this name; without one, the one that is next, or
 * was last where all are passed. NULL: told why. */
const struct exercise *loop_exercise(const struct loop *l, const char *word);
const struct lesson *loop_lesson(const struct loop *l, const char *word);

/* One more line of progress. An exit status: where it cannot be written, that is told. */
int loop_note(const struct loop *l, const char *name, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* The file below home (format) as one would type it from the folder one stands in. */
const char *loop_shown(char path[PATH_MAX], const struct loop *l, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
/* How this very command is called from here: "scripts/oncpu". */
const char *loop_oncpu(char path[PATH_MAX], const struct loop *l);

/* In which class the last check failed; NULL: it did not. */
const char *loop_class(const struct standing *s);

/* "cannot WHAT: why: mend" on stderr; EXIT_ENVIRON. */
int loop_trouble(const struct loop *l, const char *what, int err);

/* Says the one thing to do next. */
void loop_print_next(const struct loop *l);

/* Lays the exercise's file and says so, or that it is there. An exit status. */
int loop_start(struct loop *l, const struct exercise *e);
/* Prints the next hint of it and keeps that it was seen. An exit status. */
int loop_hint(struct loop *l, const struct exercise *e);

#endif
