/* SPDX-License-Identifier: GPL-2.0 */
/* explore --storm: the same program again and again, each time in other weather. */
#ifndef ONCPU_COMMANDS_STORM_H
#define ONCPU_COMMANDS_STORM_H

#include "explore/explore.h"

/* An exit status. path: of the trace of the run that failed; NULL: storm.oncpu. */
int storm_about(const struct explore_options *o, char *const *argv, const char *path);

#endif
