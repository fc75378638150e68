/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The course, as the folders of lessons/ have it: lessons/NN-topic/MM-slug/. No list of them is kept
 * by hand. Where a learner's things are is said here, too, once:
 *
 *   work/SLUG.c            the learner's file; it ends as the exercise's starter does: SLUG.bpf.c
 *   work/.oncpu/progress   what happened, a line each (progress.h)
 *   work/.oncpu/SLUG/      the last check: verdict.json and its traces
 *   work/.old/             what `reset` put away
 */
#ifndef ONCPU_COURSE_COURSE_H
#define ONCPU_COURSE_COURSE_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>

struct exercise {
	char *folder;	  /* "lessons/NN-topic/MM-slug", from home */
	const char *name; /* "MM-slug" */
	const char *slug; /* "slug" */
	char *ending;	  /* of its files, as of starter.c: ".c"; of starter.bpf.c: ".bpf.c" */
	char *title;	  /* the first heading of its README.md */
	size_t lesson;	  /* its index */
};

struct lesson {
	char *folder; /* "lessons/NN-topic" */
	const char *name, *slug;
	char *title;
	size_t first, nr; /* its exercises, among the course's */
};

struct course {
	const char *home; /* the folder that holds lessons/ and work/; the caller's */
	struct lesson *lessons;
	size_t nr_lessons;
	struct exercise *exercises;
	size_t nr_exercises;
};

/* 0 or -errno, as of lessons/; course_free() it in any case. */
int course_read(struct course *c, const char *home);
void course_free(struct course *c);

/* A path below home, in path; "", which no call takes for a file, where it is too long. */
const char *course_path(char path[PATH_MAX], const struct course *c, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
const char *course_work(char path[PATH_MAX], const struct course *c, const struct exercise *e);

/* By slug, MM-slug, NN-topic/MM-slug, or the path of it or of something in it, or of the learner's; a
 * lesson likewise, by its number, or by an exercise of it. NULL where there is none. */
const struct exercise *course_find(const struct course *c, const char *word);
const struct lesson *course_find_lesson(const struct course *c, const char *word);

/* The slugs most like the word, of exercises or of lessons, the nearest first: how many of at most max. */
size_t course_nearest(const struct course *c, const char *word, bool lessons, const char **out,
		      size_t max);

#endif
