// SPDX-License-Identifier: GPL-2.0
/* oncpu reset: lays an exercise's starter again; what was there is kept. */
#include <stdio.h>
#include <unistd.h>

#include "commands/loop.h"
#include "course/work.h"
#include "lib/command.h"

static int reset(const struct loop *l, const struct exercise *e)
{
	char kept[PATH_MAX], path[PATH_MAX], there[PATH_MAX];
	int existed = !access(course_work(path, &l->course, e), F_OK);
	int err = work_reset(&l->course, e, kept);

	loop_shown(path, l, "work/%s%s", e->slug, e->ending);
	if (err) {
		fprintf(stderr, "oncpu reset: %s\n", path);
		return loop_trouble(l, "put it away and lay the starter", err);
	}
	if (!*kept && existed) {
		printf("%s is the starter still: nothing to do.\n", path);
		return EXIT_OK;
	}
	printf("%s is the starter again.", path);
	if (*kept)
		printf(" What you had: %s", loop_shown(there, l, "%s", kept));
	putchar('\n');
	return loop_note(l, e->slug, existed ? "reset" : "started");
}

static int run(int argc, char **argv)
{
	const char *word = loop_argument(argc, argv, "EX",
					 "Lays the starter of an exercise again. Your file is put "
					 "away below work/.old.");
	const struct exercise *e = NULL;
	struct loop l;
	int status = loop_open(&l, "reset");

	if (status == EXIT_OK && !word)
		fprintf(stderr, "oncpu reset: which exercise? 'oncpu list' shows them\n");
	else if (status == EXIT_OK)
		e = loop_exercise(&l, word);
	if (status == EXIT_OK)
		status = e ? reset(&l, e) : EXIT_USAGE;
	loop_close(&l);
	return status;
}

ONCPU_COMMAND(reset, { .name = "reset",
		       .args = "EX",
		       .help = "lay an exercise's file again; the old one is kept",
		       .run = run });
