// SPDX-License-Identifier: GPL-2.0
/* oncpu page: a lesson or an exercise as one file for a browser. */
#include <argp.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "commands/loop.h"
#include "course/file.h"
#include "course/page.h"
#include "lib/command.h"

struct options {
	const char *word, *out;
};

static const struct argp_option argp_options[] = {
	{ "output", 'o', "FILE", 0, "Write it there, not to out/NAME.html", 0 },
	{ 0 },
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct options *o = state->input;

	switch (key) {
	case 'o':
		o->out = arg;
		return 0;
	case ARGP_KEY_ARG:
		if (o->word)
			argp_error(state, "one page at a time: '%s' is too much", arg);
		o->word = arg;
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static int save(const struct loop *l, const struct lesson *lesson, const struct exercise *e,
		const char *path)
{
	char *html = NULL;
	size_t size;
	FILE *f = open_memstream(&html, &size);
	int err = f ? page_write(f, &l->course, &l->progress, lesson, e) : -errno;

	if (f && fclose(f) && !err)
		err = -errno;
	if (!err)
		err = file_make_folders(path);
	if (!err)
		err = file_replace(path, html, size);
	free(html);
	if (!err)
		return EXIT_OK;
	fprintf(stderr, "oncpu page: %s of %s\n", path, e ? e->folder : lesson->folder);
	return loop_trouble(l, "write it", err);
}

static int make_page(const struct loop *l, const struct options *o)
{
	/* A lesson's name may be an exercise's too: what is written with a lesson's comes first. */
	const struct exercise *e = o->word ? course_find(&l->course, o->word) : NULL;
	const struct lesson *lesson = e ? &l->course.lessons[e->lesson] : loop_lesson(l, o->word);
	char path[PATH_MAX], shown[PATH_MAX];
	int status;

	if (!lesson)
		return EXIT_USAGE;
	snprintf(shown, sizeof(shown), "out/%s.html", e ? e->slug : lesson->name);
	course_path(path, &l->course, "%s", shown);
	status = save(l, lesson, e, o->out ? o->out : path);
	if (status == EXIT_OK && !o->out)
		printf("%s\n", loop_shown(path, l, "%s", shown));
	return status;
}

static int run(int argc, char **argv)
{
	static const struct argp argp = {
		.options = argp_options,
		.parser = parse,
		.args_doc = "[LESSON|EX]",
		.doc = "A lesson or an exercise as a page in one file that "
		       "opens in any browser, offline."
	};
	struct options o = {};
	struct loop l;
	int status;

	argp_parse(&argp, argc, argv, 0, NULL, &o);
	status = loop_open(&l, "page");
	if (status == EXIT_OK)
		status = make_page(&l, &o);
	loop_close(&l);
	return status;
}

ONCPU_COMMAND(page, { .name = "page",
		      .args = "[LESSON|EX] [-o FILE]",
		      .help = "make a page for a browser from a lesson",
		      .run = run });
