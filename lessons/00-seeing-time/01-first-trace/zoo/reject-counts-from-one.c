// SPDX-License-Identifier: GPL-2.0
// rejected by output: "was to run on CPU 2"
#include "first_trace.h"

int pin_cpu(int worker)
{
	return worker + 1; /* there are CPU 1 and CPU 2, are there not? */
}
