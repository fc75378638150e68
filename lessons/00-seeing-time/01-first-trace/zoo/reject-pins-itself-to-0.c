// SPDX-License-Identifier: GPL-2.0
// rejected by overlap: "at the same instant"
#include <pthread.h>
#include <sched.h>

#include "first_trace.h"

int pin_cpu(int worker)
{
	cpu_set_t set;

	(void)worker;
	CPU_ZERO(&set);
	CPU_SET(0, &set);
	pthread_setaffinity_np(pthread_self(), sizeof(set), &set); /* from a page on the web */
	return -1;
}
