// SPDX-License-Identifier: GPL-2.0
#include "first_trace.h"

/* Nobody is told anything: of two threads and two idle CPUs the kernel makes two that run. */
int pin_cpu(int worker)
{
	(void)worker;
	return -1;
}
