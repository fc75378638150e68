/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FIRST_TRACE_H
#define FIRST_TRACE_H

/* The CPU that this worker (0 or 1) may run on in round 2; -1: any. Yours to write. */
int pin_cpu(int worker);

#endif
