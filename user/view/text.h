/* SPDX-License-Identifier: GPL-2.0 */
/* What every view says in the same words: who is who, what happened in short, why it waited. */
#ifndef ONCPU_VIEW_TEXT_H
#define ONCPU_VIEW_TEXT_H

#include <stddef.h>

#include "view/view.h"

/* What an interval looks like. From IO to LOCK: sleeps of a known reason. As in html/data.js. */
enum view_kind {
	KIND_DEAD,
	KIND_UNKNOWN,
	KIND_SLEEPING,
	KIND_STOPPED,
	KIND_BLOCKED,
	KIND_IO,
	KIND_FUTEX,
	KIND_LOCK,
	KIND_RUNNABLE,
	KIND_RUNNING,
	NR_KINDS
};

struct view_wait {
	size_t thread, interval; /* indices into the model */
};

enum view_kind view_kind_of(const struct interval *i);
bool view_is_wait(enum view_kind k);

/* The label of a round time, exact: "0", "250 ms", "1.005 s". */
void view_tick(char *buf, size_t size, uint64_t ns);
/* The step of 1, 2 or 5 times a power of ten that divides span into at most max parts. */
uint64_t view_tick_step(uint64_t span_ns, unsigned int max);

#define VIEW_TITLE   512
#define VIEW_WARNING 640
/* Title: the command and how it ended. The others are sentences, "" where there is nothing to say:
 * what its threads did in short; what is lost or cut, without which the picture misleads. */
void view_title(char *buf, size_t size, const struct view_head *head);
void view_headline(char *buf, size_t size, const struct model *m);
void view_warning(char *buf, size_t size, const struct model *m);
/* When, counted from the start of the command: "-1.0 ms" before it. What was lost in a gap. */
#define VIEW_GAP 128
void view_moment(char *buf, size_t size, const struct model *m, uint64_t time_ns);
/* The other way round: "2.05ms" from the start of the command, in ns, us, ms (also without a unit)
 * or s. 0, or -EINVAL where it is no such thing. */
int view_parse_moment(uint64_t *time_ns, const struct model *m, const char *text);
void view_gap(char *buf, size_t size, const struct model *m, const struct gap *g);
const char *view_source(enum trace_source source);

/*
 * The longest waits of target threads that touch the window, longest first, at most one a thread:
 * one thread that sleeps often must not hide what the others waited for. Returns how many.
 */
size_t view_longest_waits(const struct model *m, struct view_window w, struct view_wait *out,
			  size_t max);

/*
 * Makes text from a trace harmless for a terminal: control characters, broken UTF-8 and anything
 * that may not be one column wide become '?'. In place; never longer.
 */
void view_clean(char *s, bool unicode);

#endif
