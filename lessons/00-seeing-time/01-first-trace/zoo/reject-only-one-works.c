// SPDX-License-Identifier: GPL-2.0
// rejected by hang: "worker-0"
#include <pthread.h>

#include "first_trace.h"

int pin_cpu(int worker)
{
	if (worker == 1)
		pthread_exit(NULL); /* one alone has a CPU of its own */
	return worker;
}
