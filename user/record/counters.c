// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <linux/perf_event.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "record/counters.h"

#define HARD(event) PERF_TYPE_HARDWARE, PERF_COUNT_HW_##event
#define SOFT(event) PERF_TYPE_SOFTWARE, PERF_COUNT_SW_##event

/* perf's names, so that nobody has to learn others. */
static const struct event {
	const char *name;
	uint32_t type;
	uint64_t config;
} events[] = {
	{ "cycles", HARD(CPU_CYCLES) },
	{ "instructions", HARD(INSTRUCTIONS) },
	{ "cache-references", HARD(CACHE_REFERENCES) },
	{ "cache-misses", HARD(CACHE_MISSES) },
	{ "branches", HARD(BRANCH_INSTRUCTIONS) },
	{ "branch-misses", HARD(BRANCH_MISSES) },
	{ "ref-cycles", HARD(REF_CPU_CYCLES) },
	{ "stalled-cycles-frontend", HARD(STALLED_CYCLES_FRONTEND) },
	{ "stalled-cycles-backend", HARD(STALLED_CYCLES_BACKEND) },
	{ "task-clock", SOFT(TASK_CLOCK) },
	{ "cpu-clock", SOFT(CPU_CLOCK) },
	{ "page-faults", SOFT(PAGE_FAULTS) },
	{ "minor-faults", SOFT(PAGE_FAULTS_MIN) },
	{ "major-faults", SOFT(PAGE_FAULTS_MAJ) },
	{ "context-switches", SOFT(CONTEXT_SWITCHES) },
	{ "migrations", SOFT(CPU_MIGRATIONS) },
	{ "alignment-faults", SOFT(ALIGNMENT_FAULTS) },
};
#define NR_EVENTS (sizeof(events) / sizeof(*events))

static const struct event *find_event(const char *name, size_t length)
{
	size_t i;

	for (i = 0; i < NR_EVENTS; i++)
		if (strlen(events[i].name) == length && !strncmp(events[i].name, name, length))
			return &events[i];
	return NULL;
}

static int unknown(const char *name, size_t length, char *why, size_t why_size)
{
	int n = snprintf(why, why_size, "no counter is called '%.*s'; there are:", (int)length,
			 name);
	size_t i;

	for (i = 0; i < NR_EVENTS && n >= 0 && (size_t)n < why_size; i++)
		n += snprintf(why + n, why_size - (size_t)n, "%s %s", i ? "," : "", events[i].name);
	return -EINVAL;
}

static bool is_asked(const struct counters *c, const struct event *e)
{
	size_t i;

	for (i = 0; i < c->nr_asked; i++)
		if (c->asked[i].name == e->name)
			return true;
	return false;
}

int counters_parse(struct counters *c, const char *list, char *why, size_t why_size)
{
	const struct event *e;
	size_t length;

	for (;; list += length + 1) {
		length = strcspn(list, ",");
		e = find_event(list, length);
		if (!e)
			return unknown(list, length, why, why_size);
		if (is_asked(c, e) || c->nr_asked == TRACE_MAX_COUNTERS) {
			snprintf(why, why_size, "%s: at most %u counters, and each once", e->name,
				 TRACE_MAX_COUNTERS);
			return -EINVAL;
		}
		c->asked[c->nr_asked++].name = e->name;
		if (!list[length])
			return 0;
	}
}

static void explain(char *why, size_t size, const struct event *e, int err)
{
	if (err == -EACCES || err == -EPERM)
		snprintf(why, size,
			 "counting is not allowed: run it as root, or lower "
			 "/proc/sys/kernel/perf_event_paranoid");
	else if (err == -EBUSY)
		snprintf(why, size,
			 "the machine cannot count that many things at once: ask for "
			 "fewer, or stop who else counts");
	else if (err == -ENOSYS)
		snprintf(why, size, "this kernel has no perf events");
	else if (e->type == PERF_TYPE_HARDWARE && err == -ENOENT)
		snprintf(why, size,
			 "this machine shows no hardware counters (a virtual machine often has "
			 "none) or not this one");
	else if (e->type == PERF_TYPE_HARDWARE && err == -EOPNOTSUPP)
		snprintf(why, size, "the hardware of this machine does not count it");
	else
		snprintf(why, size, "the kernel refuses it: %s", strerror(-err));
}

/* Pinned: it counts all the time, or not at all, and is never scaled from a part of the time. */
static int open_event(const struct event *e, unsigned int cpu)
{
	struct perf_event_attr attr = {
		.size = sizeof(attr),
		.type = e->type,
		.config = e->config,
		.pinned = 1,
	};
	uint64_t value;
	int fd = (int)syscall(SYS_perf_event_open, &attr, -1, cpu, -1, PERF_FLAG_FD_CLOEXEC);

	if (fd < 0)
		return errno == ENODEV ? -ENXIO : -errno; /* that CPU is off */
	if (read(fd, &value, sizeof(value)) == sizeof(value))
		return fd;
	close(fd); /* no room for it in the PMU */
	return -EBUSY;
}

static void close_all(int *fds, unsigned int n)
{
	while (n--)
		if (fds[n] >= 0)
			close(fds[n]);
}

static int open_everywhere(const struct counters *c, const struct event *e, int *fds)
{
	bool none = true;
	unsigned int cpu;

	for (cpu = 0; cpu < c->nr_cpus; cpu++) {
		fds[cpu] = open_event(e, cpu);
		if (fds[cpu] < 0 && fds[cpu] != -ENXIO) {
			int err = fds[cpu];

			close_all(fds, cpu);
			return err;
		}
		none = none && fds[cpu] < 0;
	}
	return none ? -ENXIO : 0;
}

int counters_open(struct counters *c)
{
	const struct event *e;
	size_t i;
	int err;

	if (!c->nr_asked)
		return 0;
	c->nr_cpus = (unsigned int)sysconf(_SC_NPROCESSORS_CONF);
	c->fds = calloc(c->nr_asked * c->nr_cpus, sizeof(*c->fds));
	if (!c->fds)
		return -ENOMEM;
	for (i = 0; i < c->nr_asked; i++) {
		e = find_event(c->asked[i].name, strlen(c->asked[i].name));
		err = open_everywhere(c, e, c->fds + c->nr * c->nr_cpus);
		if (err)
			explain(c->asked[i].why, sizeof(c->asked[i].why), e, err);
		else
			c->names[c->nr++] = e->name;
	}
	return 0;
}

void counters_close(struct counters *c)
{
	if (c->fds)
		close_all(c->fds, (unsigned int)c->nr * c->nr_cpus);
	free(c->fds);
	*c = (struct counters){ .fds = NULL };
}
