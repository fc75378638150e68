// SPDX-License-Identifier: GPL-2.0
/* oncpu next: the one thing to do next. */
#include <stdio.h>

#include "commands/loop.h"
#include "course/last.h"
#include "lib/command.h"

static void print_predict(const struct loop *l, const struct next *n)
{
	char path[PATH_MAX], oncpu[PATH_MAX];

	printf("Next: lesson %.2s, %s. Read its page, then say what you expect to see:\n\n",
	       n->lesson->name, n->lesson->title);
	printf("    %s\n", loop_shown(path, l, "%s/README.md", n->lesson->folder));
	printf("    %s predict %s\n", loop_oncpu(oncpu, l), n->lesson->slug);
}

static void print_start(const struct loop *l, const struct next *n)
{
	char oncpu[PATH_MAX];

	printf("Next: the exercise %s, \"%s\". Begin it:\n\n", n->exercise->slug,
	       n->exercise->title);
	printf("    %s start %s\n", loop_oncpu(oncpu, l), n->exercise->slug);
}

/* What must hold, and does not yet. */
static void print_last_check(const struct loop *l, const struct next *n)
{
	const struct standing *s = &n->standing;
	struct last_check last;
	bool told;

	if (!s->nr_checks)
		return;
	told = !last_check_read(&last, &l->course, n->exercise) && last.verdict.title[0];
	printf("The last check: %s%s%s%s%s.\n", s->verdict, loop_class(s) ? ", " : "",
	       loop_class(s) ? loop_class(s) : "", told ? ": " : "",
	       told ? last.verdict.title : "");
}

static void print_work(const struct loop *l, const struct next *n)
{
	char path[PATH_MAX], oncpu[PATH_MAX];
	const struct standing *s = &n->standing;

	printf("Next: the exercise %s, \"%s\".\n", n->exercise->slug, n->exercise->title);
	print_last_check(l, n);
	printf("Its task is in %s.\n", loop_shown(path, l, "%s/README.md", n->exercise->folder));
	printf("Change %s; at each save it is checked by\n\n",
	       loop_shown(path, l, "work/%s%s", n->exercise->slug, n->exercise->ending));
	printf("    %s watch %s\n", loop_oncpu(oncpu, l), n->exercise->slug);
	if (s->nr_checks && s->hints < 3)
		printf("\nStuck? %s hint %s (hint %u of 3)\n", oncpu, n->exercise->slug,
		       s->hints + 1);
}

static void print_self_check(const struct loop *l, const struct next *n)
{
	char oncpu[PATH_MAX];

	printf("Next: all exercises of lesson %.2s are passed. Try yourself on another trace:\n\n",
	       n->lesson->name);
	printf("    %s predict --after %s\n", loop_oncpu(oncpu, l), n->lesson->slug);
}

void loop_print_next(const struct loop *l)
{
	char oncpu[PATH_MAX];
	struct next n;

	next_find(&n, &l->course, &l->progress);
	switch (n.kind) {
	case NEXT_PREDICT:
		print_predict(l, &n);
		break;
	case NEXT_START:
		print_start(l, &n);
		break;
	case NEXT_WORK:
		print_work(l, &n);
		break;
	case NEXT_SELF_CHECK:
		print_self_check(l, &n);
		break;
	case NEXT_NOTHING:
		printf("All exercises are passed. What you did: %s progress\n",
		       loop_oncpu(oncpu, l));
	}
}

static int run(int argc, char **argv)
{
	struct loop l;
	int status;

	loop_argument(argc, argv, "",
		      "The one thing to do next in the course, with the command for it.");
	status = loop_open(&l, "next");
	if (status == EXIT_OK)
		loop_print_next(&l);
	loop_close(&l);
	return status;
}

ONCPU_COMMAND(next, { .name = "next",
		      .args = "",
		      .help = "say what to do next in the course",
		      .run = run });
