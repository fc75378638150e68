// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "course/file.h"
#include "course/work.h"

#define MOST_KEPT 10000

static bool has_line(const char *text, const char *line)
{
	size_t length = strlen(line), n;

	for (; *text; text += n + (text[n] == '\n')) {
		n = strcspn(text, "\n");
		if (n == length && !strncmp(text, line, n))
			return true;
	}
	return false;
}

static void put_missing(FILE *f, const char *old, const char *line)
{
	if (!has_line(old, line))
		fprintf(f, "%s\n", line);
}

/* clangd takes what is relative in here as from work/. */
static int put_flags(const struct course *c, const char *old, char **text, size_t *size)
{
	static const char *const flags[] = { "-xc",	"-std=gnu17", "-D_GNU_SOURCE",	  "-Wall",
					     "-Wextra", "-pthread",   "-I../user/include" };
	FILE *f = open_memstream(text, size);
	char line[PATH_MAX];
	size_t i;

	if (!f)
		return -errno;
	fputs(old, f);
	if (*old && old[strlen(old) - 1] != '\n')
		fputc('\n', f);
	for (i = 0; i < sizeof(flags) / sizeof(flags[0]); i++)
		put_missing(f, old, flags[i]);
	for (i = 0; i < c->nr_exercises; i++) {
		snprintf(line, sizeof(line), "-I../%s", c->exercises[i].folder);
		put_missing(f, old, line);
	}
	return fclose(f) ? -errno : 0;
}

int work_tell_editors(const struct course *c)
{
	char path[PATH_MAX], *old = NULL, *text = NULL;
	size_t size;
	int err = file_read(course_path(path, c, "work/compile_flags.txt"), &old, NULL);

	if (err && err != -ENOENT)
		return err;
	err = put_flags(c, old ? old : "", &text, &size);
	if (!err && (!old || strcmp(old, text)))
		err = file_replace(path, text, size);
	free(text);
	free(old);
	return err;
}

static int lay(const struct course *c, const struct exercise *e,
	       int (*write)(const char *path, const char *text, size_t size))
{
	char path[PATH_MAX], *starter;
	size_t size;
	int err = file_read(course_path(path, c, "%s/starter%s", e->folder, e->ending), &starter,
			    &size);

	if (err)
		return err;
	course_work(path, c, e);
	err = file_make_folders(path);
	if (!err)
		err = write(path, starter, size);
	free(starter);
	return err;
}

int work_start(const struct course *c, const struct exercise *e)
{
	int err = lay(c, e, file_create);

	/* An editor that finds no header is a pity, no reason not to begin. */
	if (!err)
		work_tell_editors(c);
	return err;
}

/* work/.old/SLUG.c.N, of the first N that is free */
static int keep(const struct course *c, const struct exercise *e, const char *text, size_t size,
		char kept[PATH_MAX])
{
	char path[PATH_MAX];
	int err = -EEXIST, n;

	for (n = 1; err == -EEXIST && n < MOST_KEPT; n++) {
		snprintf(kept, PATH_MAX, "work/.old/%s%s.%d", e->slug, e->ending, n);
		course_path(path, c, "%s", kept);
		err = file_make_folders(path);
		if (!err)
			err = file_create(path, text, size);
	}
	return err;
}

static int is_starter(const struct course *c, const struct exercise *e, const char *mine)
{
	char path[PATH_MAX], *starter;
	int err = file_read(course_path(path, c, "%s/starter%s", e->folder, e->ending), &starter,
			    NULL);
	int same = err ? err : !strcmp(starter, mine);

	free(starter);
	return same;
}

int work_reset(const struct course *c, const struct exercise *e, char kept[PATH_MAX])
{
	char path[PATH_MAX], *mine;
	size_t size;
	int err = file_read(course_work(path, c, e), &mine, &size), same;

	kept[0] = '\0';
	if (err == -ENOENT)
		return work_start(c, e);
	if (err)
		return err;
	same = is_starter(c, e, mine);
	if (same < 0)
		err = same;
	else if (!same)
		err = keep(c, e, mine, size, kept);
	if (!err && !same)
		err = lay(c, e, file_replace);
	free(mine);
	return err;
}
