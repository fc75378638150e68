/* SPDX-License-Identifier: GPL-2.0 */
/* The options of `oncpu record` about stacks. */
#ifndef ONCPU_RECORD_STACKS_H
#define ONCPU_RECORD_STACKS_H

#include <argp.h>

#include "record/source.h"

extern const struct argp stacks_argp; /* a child; its input: struct source_options */

void stacks_default(struct source_options *o);

#endif
