/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Which files are mapped where, in which process, since when: what it takes to say later what was
 * at an address, when the process has long gone. The kernel tells it through perf_event_open(): every
 * executable mapping, fork and exec of the machine. What ran before the recording is read from /proc.
 */
#ifndef ONCPU_RECORD_MAPS_H
#define ONCPU_RECORD_MAPS_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct mapping {
	uint64_t start, end, offset; /* offset: in the file */
	uint64_t time_ns;
	char *path;
};

struct space { /* an address space: of a process, from its fork or exec on */
	uint32_t tgid;
	uint64_t since_ns;
	struct mapping *mappings; /* executable ones, in the order they came */
	size_t nr_mappings;
	void *dwfl, **now; /* unwind.c: the files; the stack at hand */
};

struct maps;

int maps_open(struct maps **out); /* 0 or -errno: then nothing has a name */
void maps_drain(struct maps *m);
size_t maps_held(const struct maps *m); /* events */
/* Forgets all, but what runs now: for one that goes on for hours. 0 or -errno. */
int maps_renew(struct maps *m);
/* After a drain. The spaces of an earlier time go. */
int maps_finish(struct maps *m);
/* Of the thread tid at that time; NULL: unknown. After maps_finish(). */
struct space *maps_space(struct maps *m, uint32_t tid, uint64_t time_ns);
struct space *maps_spaces(struct maps *m, size_t *n);
uint64_t maps_lost(const struct maps *m);
void maps_close(struct maps *m); /* NULL-safe */

#endif
