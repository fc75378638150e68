// SPDX-License-Identifier: GPL-2.0
// accepted: the other way round is as good
#include "first_trace.h"

int pin_cpu(int worker)
{
	return 1 - worker;
}
