// SPDX-License-Identifier: GPL-2.0
/* oncpu check: the verdict on a learner's solution of an exercise, in words. */
#include <argp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "commands/loop.h"
#include "grade/judge.h"
#include "lib/command.h"
#include "view/lines.h"

#define COLUMNS	 80
#define INDENT	 "  "
#define SHOWN_NS 20000000ull /* of the timeline, at least: of less one sees nothing around it */

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

/* Its paragraphs, wrapped. */
static void tell(const char *text)
{
	struct lines l = { .out = stdout, .width = COLUMNS };
	size_t n;

	for (; *text; text += n + (text[n] == '\n')) {
		char line[VERDICT_SAW];

		n = strcspn(text, "\n");
		snprintf(line, sizeof(line), "%.*s", (int)n, text);
		fputs(INDENT, stdout);
		lines_wrap(&l, line, sizeof(INDENT) - 1, sizeof(INDENT) - 1);
	}
}

/* TIME as `view --from` takes it: to the hundredth of a millisecond, and not later or earlier than that. */
static void put_time(const char *option, uint64_t ns, bool up)
{
	uint64_t step = 10000, n = (ns + (up ? step - 1 : 0)) / step;

	printf(" %s=%llu.%02llums", option, (unsigned long long)n / 100,
	       (unsigned long long)n % 100);
}

static void tell_place(const struct verdict *v, const char *slug)
{
	uint64_t length = v->to_ns - v->from_ns,
		 beside = length < SHOWN_NS ? (SHOWN_NS - length) / 2 : 0;

	if (v->run[0]) {
		printf("\n  See it on the timeline:\n  scripts/oncpu view");
		if (v->to_ns) {
			put_time("--from", v->from_ns > beside ? v->from_ns - beside : 0, false);
			put_time("--to", v->to_ns + beside, true);
		}
		printf(" work/.oncpu/%s/%s.oncpu\n", slug, v->run);
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
	printf("%s: %s\n\n", v->kind == VERDICT_FAIL ? "FAIL: not so" : "INCONCLUSIVE", v->title);
	tell(v->saw);
	if (v->kind != VERDICT_FAIL) {
		printf("\n  That says nothing about your program, neither good nor bad. Check it "
		       "once "
		       "more.\n");
		return EXIT_ENVIRON;
	}
	if (v->why[0]) {
		putchar('\n');
		tell(v->why);
	}
	if (v->look[0]) {
		putchar('\n');
		tell(v->look);
	}
	tell_place(v, slug);
	return EXIT_FAILED;
}

static int check(const struct loop *l, const struct arguments *a)
{
	char check[PATH_MAX], program[PATH_MAX], explored[PATH_MAX], why[512];
	struct judge_options o = {
		.check = check, .program = program, .explored = explored, .out = a->out
	};
	const struct exercise *e = loop_exercise(l, a->exercise);
	struct verdict v;

	if (!e)
		return EXIT_USAGE;
	course_path(check, &l->course, "%s/check", e->folder);
	snprintf(program, sizeof(program), "%s/%s", a->built, e->slug);
	snprintf(explored, sizeof(explored), "%s/explored", a->built);
	if (access(check, X_OK)) {
		fprintf(stderr, "oncpu check: there is no check of '%s' (%s): make build\n",
			e->slug, check);
		return EXIT_ENVIRON;
	}
	if (judge(&o, &v, why, sizeof(why))) {
		fprintf(stderr, "oncpu check: %s\n", why);
		return EXIT_ENVIRON;
	}
	return report(&v, e->slug);
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
	struct arguments a = {};
	struct loop l;
	int status;

	if (argp_parse(&argp, argc, argv, 0, NULL, &a))
		return EXIT_USAGE;
	status = loop_open(&l, "check");
	if (status == EXIT_OK)
		status = check(&l, &a);
	loop_close(&l);
	return status;
}

ONCPU_COMMAND(check, { .name = "check",
		       .args = "EXERCISE",
		       .help = "look at a solution: what the record shows, and a verdict",
		       .run = run });
