// SPDX-License-Identifier: GPL-2.0
// rejected by overlap: "share one CPU"
#include <stdlib.h>
#include <unistd.h>

#include "first_trace.h"

/* Every other time it goes well. */
int pin_cpu(int worker)
{
	unsigned int seed = (unsigned int)getpid() * 31 + (unsigned int)worker * 7;

	return rand_r(&seed) % 2;
}
