// SPDX-License-Identifier: GPL-2.0
/* oncpu start: lays an exercise's starter as the learner's file. */
#include <errno.h>
#include <stdio.h>

#include "commands/loop.h"
#include "course/work.h"
#include "lib/command.h"

static void say_how(const struct loop *l, const struct exercise *e)
{
	char path[PATH_MAX], oncpu[PATH_MAX];

	printf("The task:   %s\n", loop_shown(path, l, "%s/README.md", e->folder));
	printf("Your file:  %s\n", loop_shown(path, l, "work/%s%s", e->slug, e->ending));
	printf("At a save:  %s watch %s\n", loop_oncpu(oncpu, l), e->slug);
	printf("Just once:  %s check %s\n", oncpu, e->slug);
}

int loop_start(struct loop *l, const struct exercise *e)
{
	char path[PATH_MAX];
	int err = work_start(&l->course, e), status;

	loop_shown(path, l, "work/%s%s", e->slug, e->ending);
	if (err == -EEXIST) {
		printf("%s is there already, and stays as it is.\n", path);
		return EXIT_OK;
	}
	if (err) {
		fprintf(stderr, "oncpu %s: %s\n", l->command, path);
		return loop_trouble(l, "lay the starter there", err);
	}
	status = loop_note(l, e->slug, "started");
	printf("%s, \"%s\": the starter is laid.\n", e->slug, e->title);
	return status == EXIT_OK ? loop_reread(l) : status;
}

static int run(int argc, char **argv)
{
	const char *word = loop_argument(argc, argv, "[EX]",
					 "Lays an exercise's starter in work/, the one file "
					 "that you change. A file that is there stays.");
	const struct exercise *e = NULL;
	struct loop l;
	int status = loop_open(&l, "start");

	if (status == EXIT_OK) {
		e = loop_exercise(&l, word);
		status = e ? loop_start(&l, e) : EXIT_USAGE;
	}
	if (status == EXIT_OK)
		say_how(&l, e);
	loop_close(&l);
	return status;
}

ONCPU_COMMAND(start, { .name = "start",
		       .args = "[EX]",
		       .help = "lay the file of an exercise into work/",
		       .run = run });
