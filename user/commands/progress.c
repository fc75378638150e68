// SPDX-License-Identifier: GPL-2.0
/* oncpu progress: where one stands, in numbers. */
#include <argp.h>
#include <errno.h>
#include <stdio.h>

#include "commands/loop.h"
#include "course/last.h"
#include "course/quiz.h"
#include "lib/command.h"

static const char *plural(unsigned long n)
{
	return n == 1 ? "" : "s";
}

static void print_exercise(const struct loop *l, const struct exercise *e)
{
	struct standing s;

	next_standing(&s, &l->course, &l->progress, e);
	printf("    %-22s %-10s", e->slug,
	       s.passed	   ? "passed"
	       : s.started ? "started"
			   : "not begun");
	if (s.nr_checks)
		printf(" %u check%s, the last: %s%s%s", s.nr_checks, plural(s.nr_checks), s.verdict,
		       loop_class(&s) ? ", " : "", loop_class(&s) ? loop_class(&s) : "");
	if (s.hints)
		printf("%s %u hint%s", s.nr_checks ? ";" : "", s.hints, plural(s.hints));
	putchar('\n');
}

static void print_answers(const struct loop *l, const struct lesson *lesson, const struct quiz *q,
			  bool after)
{
	unsigned int made = 0, right = 0, choice, i;

	for (i = 0; i < q->nr; i++) {
		choice = progress_choice(&l->progress, lesson->name, i + 1);
		if (q->questions[i].after != after)
			continue;
		made += choice != 0;
		right += choice && choice == quiz_right(&q->questions[i]);
	}
	if (made)
		printf("    %-22s %u of %u right\n", after ? "(self-check)" : "(predictions)",
		       right, made);
}

static void print_quiz(const struct loop *l, const struct lesson *lesson)
{
	char path[PATH_MAX], why[128];
	struct quiz q;

	course_path(path, &l->course, "%s/quiz", lesson->folder);
	if (!quiz_read(&q, path, why, sizeof(why))) {
		print_answers(l, lesson, &q, false);
		print_answers(l, lesson, &q, true);
	}
	quiz_free(&q);
}

static void print_all(const struct loop *l)
{
	const struct course *c = &l->course;
	size_t passed = 0, i, j;
	struct standing s;

	for (i = 0; i < c->nr_lessons; i++) {
		printf("%s  %s\n", c->lessons[i].name, c->lessons[i].title);
		print_quiz(l, &c->lessons[i]);
		for (j = 0; j < c->lessons[i].nr; j++)
			print_exercise(l, &c->exercises[c->lessons[i].first + j]);
	}
	for (i = 0; i < c->nr_exercises; i++) {
		next_standing(&s, c, &l->progress, &c->exercises[i]);
		passed += s.passed;
	}
	printf("\n%zu of %zu exercises passed.\n", passed, c->nr_exercises);
	if (l->progress.nr_unknown)
		printf("%zu line%s of work/.oncpu/progress mean%s nothing here, and stay%s as "
		       "%s.\n",
		       l->progress.nr_unknown, plural(l->progress.nr_unknown),
		       l->progress.nr_unknown == 1 ? "s" : "",
		       l->progress.nr_unknown == 1 ? "s" : "",
		       l->progress.nr_unknown == 1 ? "it is" : "they are");
}

/* What `check` found comes from the guest as a file; here it becomes a line of progress. */
static int keep_verdict(const struct loop *l, const char *word)
{
	const struct exercise *e = loop_exercise(l, word);
	struct last_check last;
	int err;

	if (!e)
		return EXIT_USAGE;
	err = last_check_read(&last, &l->course, e);
	if (err)
		return loop_trouble(l, "read the verdict of the last check", err);
	return loop_note(l, e->slug, "checked %s %s", verdict_kind_name(last.verdict.kind),
			 check_class_name(last.verdict.in));
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	const char **checked = state->input;

	if (key != 'c')
		return ARGP_ERR_UNKNOWN;
	*checked = arg;
	return 0;
}

static int run(int argc, char **argv)
{
	static const struct argp_option options[] = {
		{ "checked", 'c', "EX", 0, "Keep the verdict of its last check (`check` does)", 0 },
		{ 0 },
	};
	static const struct argp argp = {
		.options = options,
		.parser = parse,
		.doc = "Lessons, exercises, the last verdict of each, "
		       "hints used, and how many predictions were right."
	};
	const char *checked = NULL;
	struct loop l;
	int status;

	argp_parse(&argp, argc, argv, 0, NULL, &checked);
	status = loop_open(&l, "progress");
	if (status == EXIT_OK && checked)
		status = keep_verdict(&l, checked);
	else if (status == EXIT_OK)
		print_all(&l);
	loop_close(&l);
	return status;
}

ONCPU_COMMAND(progress, { .name = "progress",
			  .args = "",
			  .help = "show what was passed, checked, hinted and predicted",
			  .run = run });
