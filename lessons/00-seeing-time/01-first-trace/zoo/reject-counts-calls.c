// SPDX-License-Identifier: GPL-2.0
// rejected by pert: "data race"
#include "first_trace.h"

static int next; /* each call gets the next CPU */

int pin_cpu(int worker)
{
	(void)worker;
	return next++ % 2;
}
