// SPDX-License-Identifier: GPL-2.0
// rejected by overlap: "at the same instant"
#include "first_trace.h"

int pin_cpu(int worker)
{
	return worker == 2; /* the second one goes to CPU 1 */
}
