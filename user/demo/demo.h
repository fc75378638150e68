/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The demos, as the folders lessons/demos/NN-slug/ have them. No list of them is kept by hand.
 *
 *   README.md   title; what it is about; ## Say; ## Next
 *   question    one question (course/quiz.h)
 *   knobs       a line each: NAME VALUE LEAST MOST "what it is"
 *   workload.c, show.c    programs: what runs, and who directs it (demo/show.h)
 *   saved/      one run, for where none can be made
 */
#ifndef ONCPU_DEMO_DEMO_H
#define ONCPU_DEMO_DEMO_H

#include <limits.h>
#include <stddef.h>

#define DEMO_KNOBS 4

struct knob {
	char name[32], text[128];
	long value, least, most; /* value: as the file has it, until it is turned */
};

struct demo {
	char folder[64];  /* "lessons/demos/NN-slug", from home */
	const char *name; /* "NN-slug" */
	const char *slug; /* "slug" */
	char title[128];  /* "Fairness and nice: two hogs, one CPU" */
	struct knob knobs[DEMO_KNOBS];
	size_t nr_knobs;
};

struct demos {
	const char *home; /* the caller's */
	struct demo *list;
	size_t nr;
};

/* 0 or -errno, as of lessons/demos/; with a sentence in why where a file of a demo is wrong. demos_free()
 * it in any case. */
int demos_read(struct demos *d, const char *home, char *why, size_t size);
void demos_free(struct demos *d);

/* By slug, NN-slug or number; NULL where there is none. */
struct demo *demos_find(const struct demos *d, const char *word);

/* Knobs of one demo, from the file. 0 (also where there is no file), -errno, or -EBADMSG with why. */
int knobs_read(struct demo *d, const char *path, char *why, size_t size);
struct knob *knob_find(struct demo *d, const char *name);
/* "nice=5". 0, -ENOENT: no such knob, -ERANGE: beyond least and most, -EINVAL. */
int knob_set(struct demo *d, const char *assignment);

/* The words of a question, with the knobs as they stand: {nice}, {hogs-1}, {50/nap}. What else is in braces
 * stays as it is. Fresh memory; NULL: none. */
char *demo_fill(const struct demo *d, const char *text);

/* A section of a demo's README.md: what stands below "## HEADING", up to the next of that level; with
 * heading NULL what stands between the title and the first one. Fresh memory, "" where there is none;
 * NULL: no memory, or no file. */
char *demo_section(const struct demos *all, const struct demo *d, const char *heading);

#endif
