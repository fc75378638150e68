// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>

#include "lib/identity.h"
#include "record/cgroup.h"
#include "record/crowd.h"
#include "record/target.h"

#define LOOK_NS	      200000000ull
#define BOMB_NS	      1000000000ull
#define BOMB_TASKS    (IDENTITY_TASKS - IDENTITY_TASKS / 8)
#define BOMB_RUNNABLE 16 /* the others stand in line in the kernel */

/* Of the whole system: the number before the slash in "0.20 0.18 0.12 1/80 11206". */
static size_t runnable_tasks(void)
{
	FILE *f = fopen("/proc/loadavg", "re");
	size_t n = 0;

	if (f && fscanf(f, "%*s %*s %*s %zu/", &n) != 1)
		n = 0;
	if (f)
		fclose(f);
	return n;
}

bool crowd_is_bomb(struct crowd *c, const struct target *t, uint64_t now_ns)
{
	if (!t->fenced || now_ns - c->looked_ns < LOOK_NS)
		return false;
	c->looked_ns = now_ns;
	c->nr = runnable_tasks() < BOMB_RUNNABLE ? 0 : cgroup_count(t->group);
	if (c->nr < BOMB_TASKS)
		c->since_ns = 0;
	else if (!c->since_ns)
		c->since_ns = now_ns;
	return c->since_ns && now_ns - c->since_ns > BOMB_NS;
}
