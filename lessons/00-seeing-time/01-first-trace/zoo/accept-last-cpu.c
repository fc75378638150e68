// SPDX-License-Identifier: GPL-2.0
// accepted: worker 1 takes the last CPU of the machine, whichever that is
#include <unistd.h>

#include "first_trace.h"

int pin_cpu(int worker)
{
	return worker ? (int)sysconf(_SC_NPROCESSORS_ONLN) - 1 : 0;
}
