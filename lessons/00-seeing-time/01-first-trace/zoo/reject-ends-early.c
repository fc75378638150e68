// SPDX-License-Identifier: GPL-2.0
// rejected by output: "rounds 2"
#include <stdlib.h>

#include "first_trace.h"

int pin_cpu(int worker)
{
	(void)worker;
	exit(0);
}
