/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Whether a file was saved, by looking at it again and again: no notification of any share of files
 * has to work for it. Editors truncate and write, or write another file and rename it over this one;
 * so what was found must be the same twice before it counts.
 */
#ifndef ONCPU_COURSE_SAVED_H
#define ONCPU_COURSE_SAVED_H

#include <stdbool.h>
#include <stdint.h>

#define SAVED_POLL_MS 200

struct saved_state {
	bool there;
	uint64_t inode, size, mtime_ns, hash;
};

struct saved {
	const char *path; /* the caller's */
	struct saved_state last, told;
	unsigned int nr_same;
};

enum saved_event {
	SAVED_NOTHING,
	SAVED_NEW,  /* saved, or there for the first time */
	SAVED_GONE, /* not there for longer than any editor's rename takes; told once */
};

void saved_begin(struct saved *s, const char *path);
enum saved_event saved_poll(struct saved *s);

#endif
