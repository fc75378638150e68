/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The performing half, where the programs run: a show, again where it must be. What did not hold is
 * believed when it comes twice in three tries; what the machine spoilt is tried again. But where one and the
 * same thing did not hold in any of them, the machine is no excuse: it does not spoil a thing three times in
 * the same way, and a demo that is broken would pass for one that nobody had time for.
 */
#ifndef ONCPU_DEMO_PERFORM_H
#define ONCPU_DEMO_PERFORM_H

#include "demo/demo.h"
#include "demo/seen.h"

#define PERFORM_TRIES 3

/*
 * Performs it into the folder out: traces and seen.json; what an earlier one left there goes. The show's
 * progress ("# both at nice 0") comes on standard output. 0 and *s, or -errno with a sentence in why.
 */
int perform(const struct demos *all, const struct demo *d, const char *out, struct seen *s,
	    char *why, size_t size);

#endif
