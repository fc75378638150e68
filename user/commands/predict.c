// SPDX-License-Identifier: GPL-2.0
/*
 * oncpu predict: the questions of a lesson. Those before the run are answered first and compared later
 * (--show); those behind the exercises (--after) are about another trace, and are told at once.
 */
#include <argp.h>
#include <errno.h>
#include <stdio.h>
#include <unistd.h>

#include "commands/keys.h"
#include "commands/loop.h"
#include "commands/terminal.h"
#include "course/quiz.h"
#include "lib/command.h"
#include "view/lines.h"

#define MOST_COLUMNS  80
#define INDENT	      3
#define OPTION_INDENT 7

struct options {
	const char *word;
	bool show, after, again;
};

static const struct argp_option argp_options[] = {
	{ "show", 's', NULL, 0, "Your answers, which of them were right, and what to see", 0 },
	{ "after", 'a', NULL, 0, "The questions on another trace, behind the exercises", 0 },
	{ "again", 'r', NULL, 0, "Also those that were answered already", 0 },
	{ 0 },
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct options *o = state->input;

	switch (key) {
	case 's':
		o->show = true;
		return 0;
	case 'a':
		o->after = true;
		return 0;
	case 'r':
		o->again = true;
		return 0;
	case ARGP_KEY_ARG:
		if (o->word)
			argp_error(state, "one lesson at a time: '%s' is too much", arg);
		o->word = arg;
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static struct lines to_screen(void)
{
	struct lines l = { .out = stdout, .width = MOST_COLUMNS };
	unsigned int columns = terminal_columns(STDOUT_FILENO, MOST_COLUMNS);

	if (columns > 20 && columns < MOST_COLUMNS)
		l.width = columns;
	return l;
}

/* "1. text" */
static void print_wrapped(const char *head, const char *text, unsigned int indent)
{
	struct lines l = to_screen();
	int at = printf("%s", head);

	lines_wrap(&l, text, (unsigned int)at, indent);
}

static void print_question(const struct quiz_question *q, unsigned int number)
{
	char head[16];

	if (q->picture)
		printf("%s\n\n", q->picture);
	snprintf(head, sizeof(head), "%u. ", number);
	print_wrapped(head, q->text, INDENT);
}

static void print_options(const struct quiz_question *q)
{
	char head[24];
	size_t i;

	putchar('\n');
	for (i = 0; i < q->nr_options; i++) {
		snprintf(head, sizeof(head), "   [%zu] ", i + 1);
		print_wrapped(head, q->options[i].text, OPTION_INDENT);
	}
	printf("\nYour answer (q: later): ");
	fflush(stdout);
}

static void print_outcome(const struct quiz_question *q, unsigned int choice)
{
	const struct quiz_option *chosen = &q->options[choice - 1];

	if (chosen->right)
		printf("   Right.\n");
	if (chosen->feedback)
		print_wrapped(chosen->right ? "   " : "   Not so. ", chosen->feedback, INDENT);
	if (!chosen->right)
		print_wrapped("   Right was: ", q->options[quiz_right(q) - 1].text, INDENT);
}

/* 1 the first option; 0 where one leaves. */
static unsigned int read_choice(const struct quiz_question *q)
{
	int key;

	do {
		key = keys_read(-1);
		if (key == KEY_END || key == 'q' || key == 4 /* Ctrl-D */)
			return 0;
	} while (key < '1' || key >= '1' + (int)q->nr_options);
	return (unsigned int)(key - '0');
}

/* An exit status; *left: there was no answer. */
static int ask(const struct loop *l, const struct lesson *lesson, const struct quiz_question *q,
	       unsigned int number, bool *left)
{
	unsigned int choice;

	print_question(q, number);
	print_options(q);
	choice = read_choice(q);
	*left = !choice;
	if (!choice) {
		putchar('\n');
		return EXIT_OK;
	}
	printf("%u\n\n", choice);
	if (q->after) {
		print_outcome(q, choice);
		putchar('\n');
	}
	return loop_note(l, lesson->name, "predicted %u=%u", number, choice);
}

static void say_what_then(const struct loop *l, const struct lesson *lesson, bool after)
{
	char oncpu[PATH_MAX];

	if (after)
		printf("These were all.\n");
	else
		printf("Kept. Now run it, as the lesson's page says, and look; then compare:\n\n"
		       "    %s predict --show %s\n",
		       loop_oncpu(oncpu, l), lesson->slug);
}

static int ask_all(const struct loop *l, const struct lesson *lesson, const struct quiz *quiz,
		   const struct options *o)
{
	int status = EXIT_OK, nr = 0;
	bool left = false;
	unsigned int i;

	keys_take();
	for (i = 0; i < quiz->nr && status == EXIT_OK && !left; i++) {
		if (quiz->questions[i].after != o->after ||
		    (!o->again && progress_choice(&l->progress, lesson->name, i + 1)))
			continue;
		nr++;
		status = ask(l, lesson, &quiz->questions[i], i + 1, &left);
	}
	keys_give_back();
	if (!nr)
		printf("%s: all of its questions here are answered; --again asks them again.\n",
		       lesson->title);
	else if (status == EXIT_OK && !left)
		say_what_then(l, lesson, o->after);
	return keys_signal() ? 128 + keys_signal() : status;
}

static void show_all(const struct loop *l, const struct lesson *lesson, const struct quiz *quiz,
		     bool after)
{
	unsigned int i, choice, nr = 0, right = 0;
	const struct quiz_question *q;

	for (i = 0; i < quiz->nr; i++) {
		q = &quiz->questions[i];
		choice = progress_choice(&l->progress, lesson->name, i + 1);
		if (q->after != after)
			continue;
		print_question(q, i + 1);
		if (!choice || choice > q->nr_options) {
			printf("   You have not said yet.\n");
		} else {
			print_wrapped("   You said: ", q->options[choice - 1].text, INDENT);
			print_outcome(q, choice);
			right += q->options[choice - 1].right;
			nr++;
		}
		putchar('\n');
	}
	printf("%u of %u right.\n", right, nr);
}

static int run_lesson(const struct loop *l, const struct lesson *lesson, const struct options *o)
{
	char path[PATH_MAX], why[128];
	int status = EXIT_OK, err;
	struct quiz quiz;

	err = quiz_read(&quiz, course_path(path, &l->course, "%s/quiz", lesson->folder), why,
			sizeof(why));
	if (err == -ENOENT) {
		printf("%s has no questions.\n", lesson->title);
	} else if (err) {
		fprintf(stderr, "oncpu predict: %s/quiz: %s\n", lesson->folder, why);
		status = EXIT_ENVIRON;
	} else if (o->show) {
		show_all(l, lesson, &quiz, o->after);
	} else {
		status = ask_all(l, lesson, &quiz, o);
	}
	quiz_free(&quiz);
	return status;
}

static int run(int argc, char **argv)
{
	static const struct argp argp = { .options = argp_options,
					  .parser = parse,
					  .args_doc = "[LESSON]",
					  .doc = "Asks what you expect to see, by the keys 1 to 4, "
						 "and keeps it." };
	const struct lesson *lesson;
	struct options o = {};
	struct loop l;
	int status;

	argp_parse(&argp, argc, argv, 0, NULL, &o);
	status = loop_open(&l, "predict");
	if (status == EXIT_OK) {
		lesson = loop_lesson(&l, o.word);
		status = lesson ? run_lesson(&l, lesson, &o) : EXIT_USAGE;
	}
	loop_close(&l);
	return status;
}

ONCPU_COMMAND(predict, { .name = "predict",
			 .args = "[LESSON] [--show | --after]",
			 .help = "say what you expect to see, and compare it later",
			 .run = run });
