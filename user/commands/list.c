// SPDX-License-Identifier: GPL-2.0
/* oncpu list: the lessons and their exercises, as the folders of lessons/ have them. */
#include <stdio.h>

#include "commands/loop.h"
#include "lib/command.h"

static void print_exercise(const struct loop *l, const struct exercise *e)
{
	struct standing s;

	next_standing(&s, &l->course, &l->progress, e);
	printf("    %-22s %-10s %s\n", e->slug,
	       s.passed	   ? "passed"
	       : s.started ? "started"
			   : "not begun",
	       e->title);
}

static int run(int argc, char **argv)
{
	const struct lesson *lesson;
	char oncpu[PATH_MAX];
	struct loop l;
	int status;
	size_t i;

	loop_argument(argc, argv, "",
		      "The lessons, their exercises, and where you stand with each: passed, "
		      "started, not begun.");
	status = loop_open(&l, "list");
	for (lesson = l.course.lessons; lesson < l.course.lessons + l.course.nr_lessons; lesson++) {
		printf("%s  %s\n", lesson->name, lesson->title);
		for (i = 0; i < lesson->nr; i++)
			print_exercise(&l, &l.course.exercises[lesson->first + i]);
	}
	if (status == EXIT_OK)
		printf("\nWhat to do next: %s next\n", loop_oncpu(oncpu, &l));
	loop_close(&l);
	return status;
}

ONCPU_COMMAND(list, { .name = "list",
		      .args = "",
		      .help = "list the lessons and exercises, and where you stand",
		      .run = run });
