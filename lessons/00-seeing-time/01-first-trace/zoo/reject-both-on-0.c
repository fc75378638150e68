// SPDX-License-Identifier: GPL-2.0
// rejected by overlap: "at the same instant"
#include "first_trace.h"

int pin_cpu(int worker)
{
	(void)worker;
	return 0;
}
