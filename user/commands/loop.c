// SPDX-License-Identifier: GPL-2.0
#include <argp.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "commands/loop.h"
#include "lib/command.h"

#define HOME_IN_GUEST "/opt/oncpu"
#define NR_NEAREST    3

static error_t parse_one(int key, char *arg, struct argp_state *state)
{
	const char **word = state->input;

	if (key != ARGP_KEY_ARG)
		return ARGP_ERR_UNKNOWN;
	if (*word)
		argp_error(state, "one at a time: '%s' is too much", arg);
	*word = arg;
	return 0;
}

static error_t parse_none(int key, char *arg, struct argp_state *state)
{
	if (key == ARGP_KEY_ARG)
		argp_error(state, "'%s' is too much: there are no arguments", arg);
	return ARGP_ERR_UNKNOWN;
}

const char *loop_argument(int argc, char **argv, const char *args_doc, const char *doc)
{
	const struct argp argp = { .parser = *args_doc ? parse_one : parse_none,
				   .args_doc = args_doc,
				   .doc = doc };
	const char *word = NULL;

	argp_parse(&argp, argc, argv, 0, NULL, &word);
	return word;
}

int loop_open(struct loop *l, const char *command)
{
	const char *home = getenv("ONCPU_HOME");
	int err;

	*l = (struct loop){ .command = command };
	err = course_read(&l->course, home && *home ? home : HOME_IN_GUEST);
	if (err) {
		fprintf(stderr,
			"oncpu %s: %s/lessons: %s: ONCPU_HOME names the folder that holds "
			"lessons/\n",
			command, l->course.home, strerror(-err));
		return EXIT_ENVIRON;
	}
	return loop_reread(l);
}

int loop_reread(struct loop *l)
{
	int err;

	progress_free(&l->progress);
	err = progress_read(&l->progress, &l->course);
	return err ? loop_trouble(l, "read work/.oncpu/progress", err) : EXIT_OK;
}

void loop_close(struct loop *l)
{
	progress_free(&l->progress);
	course_free(&l->course);
}

static void say_nearest(const struct loop *l, bool lesson, const char *word)
{
	const char *near[NR_NEAREST];
	size_t n = course_nearest(&l->course, word, lesson, near, NR_NEAREST), i;
	char oncpu[PATH_MAX];

	fprintf(stderr, "oncpu %s: there is no %s '%s'", l->command, lesson ? "lesson" : "exercise",
		word);
	for (i = 0; i < n; i++)
		fprintf(stderr, "%s%s", i ? ", or " : ": is it ", near[i]);
	fprintf(stderr, "%s '%s list' shows them all\n", n ? "?" : ":", loop_oncpu(oncpu, l));
}

const struct exercise *loop_exercise(const struct loop *l, const char *word)
{
	const struct exercise *e;

	if (word) {
		e = course_find(&l->course, word);
		if (!e)
			say_nearest(l, false, word);
		return e;
	}
	e = next_exercise(&l->course, &l->progress);
	if (!e)
		e = progress_last(&l->progress, &l->course);
	if (!e)
		fprintf(stderr, "oncpu %s: there are no exercises in %s/lessons\n", l->command,
			l->course.home);
	return e;
}

const struct lesson *loop_lesson(const struct loop *l, const char *word)
{
	const struct exercise *e;
	const struct lesson *found;

	if (!word) {
		e = loop_exercise(l, NULL);
		return e ? &l->course.lessons[e->lesson] : NULL;
	}
	found = course_find_lesson(&l->course, word);
	if (!found)
		say_nearest(l, true, word);
	return found;
}

const char *loop_class(const struct standing *s)
{
	return !strcmp(s->verdict, "fail") && *s->class ? s->class : NULL;
}

int loop_trouble(const struct loop *l, const char *what, int err)
{
	const char *mend = err == -ENOSPC || err == -EDQUOT ? ": make room there"
			   : err == -EACCES || err == -EROFS || err == -EPERM
				   ? ": are the folder and the file yours?"
				   : "";

	fprintf(stderr, "oncpu %s: cannot %s: %s%s\n", l->command, what, strerror(-err), mend);
	return EXIT_ENVIRON;
}

int loop_note(const struct loop *l, const char *name, const char *format, ...)
{
	char what[128];
	va_list args;
	int err;

	va_start(args, format);
	vsnprintf(what, sizeof(what), format, args);
	va_end(args);
	err = progress_add(&l->course, name, "%s", what);
	return err ? loop_trouble(l, "keep work/.oncpu/progress", err) : EXIT_OK;
}

/* From the folder here to the file there, both absolute: "../lessons/x". */
static void make_relative(char out[PATH_MAX], const char *here, const char *there)
{
	const char *rest = here;
	int n = 0;

	for (; *here && *here == *there; here++, there++)
		if (*here == '/')
			rest = here + 1;
	if (!*here && *there == '/') { /* here is a folder above */
		rest = here;
		there++;
	} else {
		there -= here - rest;
	}
	for (here = rest; *here; here++)
		if (here == rest || *here == '/')
			n += snprintf(out + n, (size_t)(PATH_MAX - n), "../");
	snprintf(out + n, (size_t)(PATH_MAX - n), "%s", there);
}

static const char *from_here(char path[PATH_MAX], const struct course *c, const char *file)
{
	char *here = getcwd(NULL, 0), *home = realpath(c->home, NULL), whole[PATH_MAX];
	size_t n = home ? strlen(home) : 0;

	snprintf(whole, sizeof(whole), "%s/%s", home ? home : c->home, file);
	if (here && home && !strncmp(here, home, n) && (!here[n] || here[n] == '/'))
		make_relative(path, here, whole);
	else
		snprintf(path, PATH_MAX, "%s", whole);
	free(here);
	free(home);
	return path;
}

const char *loop_shown(char path[PATH_MAX], const struct loop *l, const char *format, ...)
{
	char file[PATH_MAX];
	va_list args;

	va_start(args, format);
	vsnprintf(file, sizeof(file), format, args);
	va_end(args);
	return from_here(path, &l->course, file);
}

const char *loop_oncpu(char path[PATH_MAX], const struct loop *l)
{
	if (access(course_path(path, &l->course, "scripts/oncpu"), X_OK)) {
		snprintf(path, PATH_MAX, "oncpu");
		return path;
	}
	return from_here(path, &l->course, "scripts/oncpu");
}
