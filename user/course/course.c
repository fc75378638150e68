// SPDX-License-Identifier: GPL-2.0
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "course/course.h"

const char *course_path(char path[PATH_MAX], const struct course *c, const char *format, ...)
{
	int n = snprintf(path, PATH_MAX, "%s/", c->home), more;
	va_list args;

	if (n < PATH_MAX) {
		va_start(args, format);
		more = vsnprintf(path + n, (size_t)(PATH_MAX - n), format, args);
		va_end(args);
		if (more >= 0 && n + more < PATH_MAX)
			return path;
	}
	path[0] = '\0';
	return path;
}

const char *course_work(char path[PATH_MAX], const struct course *c, const struct exercise *e)
{
	return course_path(path, c, "work/%s%s", e->slug, e->ending);
}

/* NN-name: a lesson or an exercise */
static int is_numbered(const struct dirent *e)
{
	return isdigit((unsigned char)e->d_name[0]) && isdigit((unsigned char)e->d_name[1]) &&
	       e->d_name[2] == '-' && e->d_name[3];
}

/* The first heading of the folder's page; its name where it has none. */
static char *title_of(const struct course *c, const char *folder, const char *name)
{
	char path[PATH_MAX], line[256], *title = NULL;
	FILE *f = fopen(course_path(path, c, "%s/README.md", folder), "re");

	while (f && !title && fgets(line, sizeof(line), f))
		if (!strncmp(line, "# ", 2))
			title = strndup(line + 2, strcspn(line + 2, "\r\n"));
	if (f)
		fclose(f);
	return title ? title : strdup(name);
}

/* What follows "starter" in the name of the folder's file; ".c" where there is none yet. */
static char *ending_of(const struct course *c, const char *folder)
{
	static const char start[] = "starter.";
	char path[PATH_MAX], *ending = NULL;
	DIR *dir = opendir(course_path(path, c, "%s", folder));
	struct dirent *e;

	while (dir && !ending && (e = readdir(dir)))
		if (!strncmp(e->d_name, start, sizeof(start) - 1) &&
		    !strcmp(strrchr(e->d_name, '.'), ".c"))
			ending = strdup(e->d_name + sizeof(start) - 2);
	if (dir)
		closedir(dir);
	return ending ? ending : strdup(".c");
}

/* One more of an array that grows one by one: there are dozens, not thousands. */
static void *one_more(void *array, size_t nr, size_t size)
{
	return reallocarray(array, nr + 1, size);
}

static int add_exercise(struct course *c, size_t lesson, const char *name)
{
	struct exercise *list = one_more(c->exercises, c->nr_exercises, sizeof(*list)), *e;

	if (!list)
		return -ENOMEM;
	c->exercises = list;
	e = &list[c->nr_exercises];
	*e = (struct exercise){ .lesson = lesson };
	if (asprintf(&e->folder, "%s/%s", c->lessons[lesson].folder, name) < 0)
		return -ENOMEM;
	e->name = strrchr(e->folder, '/') + 1;
	e->slug = e->name + 3;
	e->ending = ending_of(c, e->folder);
	e->title = title_of(c, e->folder, e->name);
	c->nr_exercises++;
	c->lessons[lesson].nr++;
	return e->ending && e->title ? 0 : -ENOMEM;
}

static int add_lesson(struct course *c, const char *name)
{
	struct lesson *list = one_more(c->lessons, c->nr_lessons, sizeof(*list)), *l;

	if (!list)
		return -ENOMEM;
	c->lessons = list;
	l = &list[c->nr_lessons];
	*l = (struct lesson){ .first = c->nr_exercises };
	if (asprintf(&l->folder, "lessons/%s", name) < 0)
		return -ENOMEM;
	l->name = strrchr(l->folder, '/') + 1;
	l->slug = l->name + 3;
	l->title = title_of(c, l->folder, l->name);
	c->nr_lessons++;
	return l->title ? 0 : -ENOMEM;
}

/* Calls add() for each numbered folder of this one, in their order. */
static int each_numbered(struct course *c, const char *folder,
			 int (*add)(struct course *c, const char *name))
{
	char path[PATH_MAX];
	struct dirent **found;
	int n = scandir(course_path(path, c, "%s", folder), &found, is_numbered, alphasort), i;
	int err = 0;

	if (n < 0)
		return -errno;
	for (i = 0; i < n; i++) {
		if (!err)
			err = add(c, found[i]->d_name);
		free(found[i]);
	}
	free(found);
	return err;
}

static int add_to_last_lesson(struct course *c, const char *name)
{
	return add_exercise(c, c->nr_lessons - 1, name);
}

static int add_with_exercises(struct course *c, const char *name)
{
	int err = add_lesson(c, name);

	if (err)
		return err;
	err = each_numbered(c, c->lessons[c->nr_lessons - 1].folder, add_to_last_lesson);
	return err == -ENOTDIR ? 0 : err;
}

int course_read(struct course *c, const char *home)
{
	*c = (struct course){ .home = home };
	return each_numbered(c, "lessons", add_with_exercises);
}

void course_free(struct course *c)
{
	size_t i;

	for (i = 0; i < c->nr_exercises; i++) {
		free(c->exercises[i].folder);
		free(c->exercises[i].ending);
		free(c->exercises[i].title);
	}
	for (i = 0; i < c->nr_lessons; i++) {
		free(c->lessons[i].folder);
		free(c->lessons[i].title);
	}
	free(c->exercises);
	free(c->lessons);
	*c = (struct course){};
}
