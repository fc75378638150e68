/* SPDX-License-Identifier: GPL-2.0 */
/* Parts of sentences; for user/model/ only. */
#ifndef ONCPU_MODEL_SAY_H
#define ONCPU_MODEL_SAY_H

#include "model/model.h"

#define NAME_SIZE (ONCPU_COMM_LEN + 16)

/* "b/3" or "tid 3"; returns buf, of NAME_SIZE bytes. */
const char *say_name(const struct thread *t, char *buf);

/* The template of an interval, filled. How long: length; without: the {token} to leave empty, and
 * {end} and its like with it; NULL: all are said. */
void say_predicate(const struct model *m, const struct thread *t, const struct interval *i,
		   uint64_t length_ns, const char *without, char *buf, size_t size);

#endif
