/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Requests whose beginning was recorded, so that their end will be.
 */
#ifndef ONCPU_MODULE_FLIGHTS_H
#define ONCPU_MODULE_FLIGHTS_H

#include <linux/types.h>

#define ONCPU_FLIGHTS_ORDER 10

/* Addresses, not followed. All 0: none is under way. */
struct oncpu_flights {
	const void *of[1 << ONCPU_FLIGHTS_ORDER];
};

/* Any context, any CPU. Where too many are under way, some are forgotten. */
void oncpu_flights_add(struct oncpu_flights *f, const void *request);
bool oncpu_flights_remove(struct oncpu_flights *f, const void *request); /* was it there? */

#endif
