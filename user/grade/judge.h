/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The judge: runs the check of an exercise, again where it must, and comes to one verdict.
 *
 * Inconclusive is tried again. A failure in a class that looks at times is believed when it comes
 * twice in three; any other failure at once.
 */
#ifndef ONCPU_GRADE_JUDGE_H
#define ONCPU_GRADE_JUDGE_H

#include <stddef.h>

#include "grade/verdict.h"

#define JUDGE_TRIES 3

struct judge_options {
	const char *check;    /* the exercise's check program */
	const char *program;  /* the learner's, as it is recorded */
	const char *explored; /* the same, built for the explorer */
	const char *out;      /* a folder: traces, verdict.json, check.ktap; emptied first */
};

/* 0 and *v, or -errno with a sentence in why. */
int judge(const struct judge_options *o, struct verdict *v, char *why, size_t why_size);

#endif
