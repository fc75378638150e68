/* SPDX-License-Identifier: GPL-2.0 */
/* How many at once: stretches of time, laid over each other. */
#ifndef ONCPU_GRADE_SWEEP_H
#define ONCPU_GRADE_SWEEP_H

#include <stddef.h>
#include <stdint.h>

#include "grade/run.h"

struct stretch {
	uint64_t from_ns, to_ns;
};

struct stretches {
	struct stretch *list;
	size_t n, capacity;
};

/* Without memory for it the check ends: there is nothing to be said. */
void stretches_add(struct stretches *s, uint64_t from_ns, uint64_t to_ns);
void stretches_free(struct stretches *s);

struct most {
	unsigned int n;		      /* most at one instant */
	uint64_t from_ns, to_ns;      /* the first time that so many were there */
	uint64_t at_least_ns, any_ns; /* how long k and more were, and how long one and more was */
};

/* k: for at_least_ns. What ends at an instant is over before what begins there. Sorts the list. */
struct most sweep(struct stretches *s, unsigned int k);

/* Of the threads within intervals of that name: the parts in which `wanted` is so of the thread. */
typedef bool stretch_wanted(const struct interval *i);
void stretches_within(struct stretches *s, const struct run *r, const char *mark,
		      stretch_wanted *wanted);

#endif
