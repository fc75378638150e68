/* SPDX-License-Identifier: GPL-2.0 */
/* The options of what records that say how: a child parser of argp's. */
#ifndef ONCPU_RECORD_HOW_H
#define ONCPU_RECORD_HOW_H

#include <argp.h>

#include "record/session.h"

extern const struct argp how_argp; /* its input: struct session_options */

void how_default(struct session_options *o);

/* The module where it is loaded, else the probes: those take seconds to load in an emulated machine. */
void how_one_recorder(struct session_options *o);

#endif
