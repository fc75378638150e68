/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The questions of a lesson: lessons/NN-topic/quiz, plain text. What begins a line says what it is:
 *
 *   # comment
 *   ? a question
 *   + its right option            - a wrong option
 *     feedback on it: two spaces, as many lines as it takes; every wrong option has some
 *   | a line of a picture, shown as it is before the question that follows
 *   after:                        from here on: asked when the exercises are passed
 *
 * A question or an option goes on in the lines below it that begin with a backslash and a space.
 */
#ifndef ONCPU_COURSE_QUIZ_H
#define ONCPU_COURSE_QUIZ_H

#include <stdbool.h>
#include <stddef.h>

#define QUIZ_OPTIONS   4
#define QUIZ_QUESTIONS 12

struct quiz_option {
	char *text;
	char *feedback; /* NULL: none */
	bool right;
};

struct quiz_question {
	char *picture; /* NULL: none */
	char *text;
	bool after;
	struct quiz_option options[QUIZ_OPTIONS];
	size_t nr_options;
};

struct quiz {
	struct quiz_question questions[QUIZ_QUESTIONS]; /* number 1 is [0] */
	size_t nr;
};

/* 0 or -errno; -EBADMSG with what is wrong in which line in why. quiz_free() it in any case. A lesson
 * without one has no questions: -ENOENT. */
int quiz_read(struct quiz *q, const char *path, char *why, size_t size);
void quiz_free(struct quiz *q);

/* The number of the right option, 1 the first. */
unsigned int quiz_right(const struct quiz_question *q);

#endif
