/* SPDX-License-Identifier: GPL-2.0 */
/* The learner's file: laid once, never written over. */
#ifndef ONCPU_COURSE_WORK_H
#define ONCPU_COURSE_WORK_H

#include "course/course.h"

/* Lays the starter as the learner's file, and sees to it that editors find its headers. 0; -EEXIST where there
 * is such a file already, which stays as it is; -errno. */
int work_start(const struct course *c, const struct exercise *e);

/* Puts the learner's file away and lays the starter again. kept: where the old one is now, from home;
 * "" where there was nothing to keep, as there was no file or it was the starter still. */
int work_reset(const struct course *c, const struct exercise *e, char kept[PATH_MAX]);

/* work/compile_flags.txt, as clangd reads it: the lines that it lacks are put behind those it has. */
int work_tell_editors(const struct course *c);

#endif
