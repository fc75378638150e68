/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Evidence: what can be said of a run, each a rule of its own. All return a verdict without a class,
 * with what was seen in words, the stretch of time that shows it, and the thread.
 *
 * "mark" names an interval that the exercise's main.c put around what it called
 * (oncpu_begin("put"); bb_put(...); oncpu_end("put")), "point" an instant.
 */
#ifndef ONCPU_GRADE_EVIDENCE_H
#define ONCPU_GRADE_EVIDENCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "grade/run.h"
#include "grade/verdict.h"

/* A line of its output is this. */
__attribute__((format(printf, 2, 3))) struct verdict printed(const struct run *r,
							     const char *format, ...);
/* The number in its output's line "KEY NUMBER"; UINT64_MAX: there is none. */
uint64_t number_of(const struct run *r, const char *key);

/* Threads that it created: main is none of them. */
struct verdict threads_made(const struct run *r, unsigned int min, unsigned int max);
/* Every thread but main's was over before main came to the point. */
struct verdict ended_before(const struct run *r, const char *point);
/* No thread did more of the marked intervals than that. */
struct verdict share_of_work(const struct run *r, const char *mark, unsigned int percent);

/* Most threads within an interval so marked at one instant. */
struct verdict most_at_once(const struct run *r, const char *mark, unsigned int min,
			    unsigned int max);
/* Of the time in which a thread ran within an interval so marked, so much with k of them at once. */
struct verdict overlapped(const struct run *r, const char *mark, unsigned int k,
			  unsigned int percent);

/* Within intervals so marked n threads and more slept at one instant. */
struct verdict slept_together(const struct run *r, const char *mark, unsigned int n);
/* Who was long within an interval so marked slept there: it neither ran nor came back to look. */
struct verdict waits_slept(const struct run *r, const char *mark);
/*
 * Within intervals so marked nobody had anything to do but the thread that marked them: all others slept
 * through most of them, each of them.
 */
struct verdict rested(const struct run *r, const char *mark);
/* At no instant more than n threads slept for one lock. */
struct verdict queued_at_most(const struct run *r, unsigned int n);

/* n schedules of the explored program: none breaks it. At most PERT_SECONDS. */
#define PERT_SECONDS 8
struct verdict holds_in_schedules(const char *arguments, unsigned int n);

/* A rule of the check's own: pass if so, else what was seen, in words. */
__attribute__((format(printf, 3, 4))) struct verdict seen(const struct run *r, bool so,
							  const char *format, ...);
/* The same, with a stretch of time and a thread to show. */
struct verdict at(struct verdict v, const struct run *r, uint64_t from_ns, uint64_t to_ns,
		  uint32_t tid);

/* The same, but a failure is believed at once, even of a machine whose CPUs are kept from it: for what
 * was counted or came in order, where the run itself waited with patience for the others to come. */
struct verdict certain(struct verdict v);

/* All marks of that name, by their beginnings; *n may be 0. They belong to the run. */
const struct mark *const *marks_of(const struct run *r, const char *mark, size_t *n);
/* "consumer-1", by tid. */
const char *name_of(const struct run *r, uint32_t tid);

#endif
