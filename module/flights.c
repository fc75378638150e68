// SPDX-License-Identifier: GPL-2.0
/*
 * A small open hash: a request lies in one of the few places after its own. No lock: a place is
 * taken and left by cmpxchg, and who puts a request in has it removed later, but not meanwhile.
 */
#include <linux/atomic.h>
#include <linux/hash.h>

#include "flights.h"

#define NR_PLACES 8
#define MASK	  ((1U << ONCPU_FLIGHTS_ORDER) - 1)

static bool replace(struct oncpu_flights *f, const void *request, const void *from, const void *to)
{
	u32 first = hash_ptr(request, ONCPU_FLIGHTS_ORDER), i;

	for (i = 0; i < NR_PLACES; i++)
		if (cmpxchg(&f->of[(first + i) & MASK], from, to) == from)
			return true;
	return false;
}

/* A request that is issued anew stays where it is. */
void oncpu_flights_add(struct oncpu_flights *f, const void *request)
{
	if (!replace(f, request, request, request))
		replace(f, request, NULL, request);
}

bool oncpu_flights_remove(struct oncpu_flights *f, const void *request)
{
	return replace(f, request, request, NULL);
}
