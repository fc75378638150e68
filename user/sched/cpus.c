// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sched/cpus.h"

static int wrong(const char *text, const cpu_set_t *ours, char *why, size_t why_size)
{
	snprintf(why, why_size,
		 "--cpus is how many CPUs (1 to %d here: the last ones), or a list of them, as "
		 "0,2-3, not '%s'",
		 CPU_COUNT(ours), text);
	return -EINVAL;
}

/* As `oncpu race` does: interrupts are mostly with the first one, and the recorder may be. */
static int take_last(cpu_set_t *cpus, const cpu_set_t *ours, unsigned long n)
{
	int cpu;

	if (n == 0 || n > (unsigned long)CPU_COUNT(ours))
		return -EINVAL;
	for (cpu = CPU_SETSIZE - 1; n > 0; cpu--)
		if (CPU_ISSET(cpu, ours)) {
			CPU_SET(cpu, cpus);
			n--;
		}
	return 0;
}

static int take_range(cpu_set_t *cpus, const cpu_set_t *ours, const char **text)
{
	unsigned long first, last;
	char *end;

	first = last = strtoul(*text, &end, 10);
	if (end == *text)
		return -EINVAL;
	if (*end == '-') {
		*text = end + 1;
		last = strtoul(*text, &end, 10);
		if (end == *text)
			return -EINVAL;
	}
	for (; first <= last; first++) {
		if (first >= CPU_SETSIZE || !CPU_ISSET(first, ours))
			return -EINVAL;
		CPU_SET(first, cpus);
	}
	*text = end;
	return 0;
}

int cpus_parse(cpu_set_t *cpus, const char *text, char *why, size_t why_size)
{
	const char *at = text;
	cpu_set_t ours;
	int err = 0;

	CPU_ZERO(cpus);
	if (sched_getaffinity(0, sizeof(ours), &ours))
		return -errno;
	if (*text && strspn(text, "0123456789") == strlen(text)) {
		err = take_last(cpus, &ours, strtoul(text, NULL, 10));
	} else {
		while (!err && *at) {
			err = take_range(cpus, &ours, &at);
			if (!err && *at && *at++ != ',')
				err = -EINVAL;
		}
	}
	if (!err && !CPU_COUNT(cpus))
		err = -EINVAL;
	return err ? wrong(text, &ours, why, why_size) : 0;
}
