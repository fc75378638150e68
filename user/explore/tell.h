/* SPDX-License-Identifier: GPL-2.0 */
/* What an exploration found, for people and for programs. */
#ifndef ONCPU_EXPLORE_TELL_H
#define ONCPU_EXPLORE_TELL_H

#include <stdio.h>

#include "explore/explore.h"
#include "explore/code.h"

/* "data race", "deadlock": one or two words. And as JSON has it: "race", "deadlock". */
const char *tell_kind(uint32_t kind);
const char *tell_op(uint32_t op);
const char *tell_kind_id(uint32_t kind);
/* One sentence, with lines. */
void tell_sentence(FILE *f, const struct explore_failure *failure, const struct code *src);
/* The last line that the program printed before it failed so; "": nothing. */
void tell_last_line(const struct explore_failure *failure, char *line, size_t size);
/* The whole: the sentence, both places, who waits for what. */
void tell_failure(FILE *f, const struct explore_failure *failure, const struct code *src);
/* The events of the last run, a column for each thread. */
void tell_columns(FILE *f, const struct shared *s, const struct code *src);
/* s: the last run, if it was one with a log, as its word tells it; or NULL. */
int tell_json(FILE *f, const struct explore_result *r, const struct code *src,
	      const struct explore_options *o, const struct shared *s, const char *word);

#endif
