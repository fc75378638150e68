// SPDX-License-Identifier: GPL-2.0
/* oncpu check: the verdict on a learner's solution of an exercise, in words. */
#include <argp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "grade/judge.h"
#include "lib/command.h"
#include "lib/text.h"

#define HOME_IN_GUEST "/opt/oncpu"
#define COLUMNS	      80

enum { KEY_BUILT = 'b', KEY_OUT = 'o' };

struct arguments {
	const char *exercise, *built, *out;
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct arguments *a = state->input;

	switch (key) {
	case KEY_BUILT:
		a->built = arg;
		return 0;
	case KEY_OUT:
		a->out = arg;
		return 0;
	case ARGP_KEY_ARG:
		if (a->exercise)
			argp_error(state, "one exercise at a time");
		a->exercise = arg;
		return 0;
	case ARGP_KEY_END:
		if (!a->exercise)
			argp_error(state, "which exercise? 'oncpu list' shows them");
		if (!a->built || !a->out)
			argp_error(state, "scripts/oncpu check builds the program first, and then "
					  "comes here with "
					  "--built and --out");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

/* Paragraphs, wrapped, behind an indentation. */
static void tell(const char *text, const char *indent)
{
	size_t column = 0, n;

	for (; *text; text += n) {
		if (*text == '\n') {
			putchar('\n');
			column = 0;
			n = 1;
			continue;
		}
		if (*text == ' ') {
			n = 1;
			continue;
		}
		n = strcspn(text, " \n");
		if (column && column + 1 + n > COLUMNS) {
			putchar('\n');
			column = 0;
		}
		column += (size_t)printf("%s%.*s", column ? " " : indent, (int)n, text);
	}
	putchar('\n');
}

static void tell_place(const struct verdict *v, const char *slug)
{
	char from[TEXT_DURATION], to[TEXT_DURATION];

	if (v->run[0] && v->to_ns) {
		text_duration(v->from_ns, from, sizeof(from));
		text_duration(v->to_ns, to, sizeof(to));
		printf("\n  On the timeline: %s to %s of work/.oncpu/%s/%s.oncpu\n", from, to, slug,
		       v->run);
	} else if (v->run[0]) {
		printf("\n  The timeline: work/.oncpu/%s/%s.oncpu\n", slug, v->run);
	}
	if (v->schedule[0])
		printf("\n  Line by line: work/.oncpu/%s/schedule.txt\n"
		       "  Once more:    scripts/oncpu explore --replay %s -- "
		       "work/.oncpu/%s.built/explored %s\n",
		       slug, v->schedule, slug, v->scenario);
}

static int report(const struct verdict *v, const char *slug)
{
	if (v->kind == VERDICT_PASS) {
		printf("PASS %s: everything that was looked for is there.\n", slug);
		return EXIT_OK;
	}
	printf("%s %s\n\n", v->kind == VERDICT_FAIL ? "FAIL" : "INCONCLUSIVE", v->title);
	tell(v->saw, "  ");
	if (v->why[0]) {
		putchar('\n');
		tell(v->why, "  ");
	}
	if (v->look[0]) {
		putchar('\n');
		tell(v->look, "  ");
	}
	tell_place(v, slug);
	return v->kind == VERDICT_FAIL ? EXIT_FAILED : EXIT_ENVIRON;
}

static const char *slug_of(const char *exercise)
{
	const char *name = strrchr(exercise, '/');

	name = name ? name + 1 : exercise;
	return name + strspn(name, "0123456789-");
}

static int run(int argc, char **argv)
{
	static const struct argp_option options[] = {
		{ "built", KEY_BUILT, "FOLDER", 0,
		  "holds the program, and the same for the explorer", 0 },
		{ "out", KEY_OUT, "FOLDER", 0, "for the traces and the verdict", 0 },
		{ 0 },
	};
	static const struct argp argp = {
		.options = options,
		.parser = parse,
		.args_doc = "LESSON/EXERCISE",
		.doc = "Looks at what a program did, in the kernel's own record and under "
		       "schedules of "
		       "oncpu's choosing, and says whether the exercise is solved.\v"
		       "Exit status: 0 pass, 1 fail, 2 usage, 3 inconclusive.",
	};
	const char *home = getenv("ONCPU_HOME");
	char check[4096], program[4096], explored[4096], why[512];
	struct arguments a = {};
	struct judge_options o = { .check = check, .program = program, .explored = explored };
	struct verdict v;

	if (argp_parse(&argp, argc, argv, 0, NULL, &a))
		return EXIT_USAGE;
	snprintf(check, sizeof(check), "%s/lessons/%s/check", home ? home : HOME_IN_GUEST,
		 a.exercise);
	snprintf(program, sizeof(program), "%s/program", a.built);
	snprintf(explored, sizeof(explored), "%s/explored", a.built);
	o.out = a.out;
	if (access(check, X_OK)) {
		fprintf(stderr, "oncpu check: there is no check of '%s' (%s): make build\n",
			a.exercise, check);
		return EXIT_ENVIRON;
	}
	if (judge(&o, &v, why, sizeof(why))) {
		fprintf(stderr, "oncpu check: %s\n", why);
		return EXIT_ENVIRON;
	}
	return report(&v, slug_of(a.exercise));
}

ONCPU_COMMAND(check, { .name = "check",
		       .args = "EXERCISE",
		       .help = "look at a solution: what the record shows, and a verdict",
		       .run = run });
