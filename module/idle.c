// SPDX-License-Identifier: GPL-2.0
/*
 * A CPU that has nothing to do.
 */
#include <linux/build_bug.h>
#include <linux/sched.h>
#include <trace/events/power.h>

#include "probes.h"
#include "recording.h"

static_assert((u32)PWR_EVENT_EXIT == ONCPU_IDLE_LEAVE);

static void on_idle(void *data, unsigned int state, unsigned int cpu)
{
	struct oncpu_record r = {
		.tid = current->pid,
		.type = ONCPU_IDLE,
		.idle = { .state = state },
	};

	oncpu_record(data, &r);
}

struct oncpu_probe oncpu_idle_probes[] = { { "cpu_idle", on_idle, BIT_ULL(ONCPU_IDLE) }, {} };
