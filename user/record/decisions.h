/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a scheduler of ours decides, as the recorder sees it: rings as a source has, and what stands
 * about it in META.
 */
#ifndef ONCPU_RECORD_DECISIONS_H
#define ONCPU_RECORD_DECISIONS_H

#include "record/ring.h"

struct decisions {
	struct rings rings;
	const char *meta; /* the JSON object of META's "policy" */
};

#endif
