// SPDX-License-Identifier: GPL-2.0
/* oncpu hint: one more hint each time, of three. */
#include <argp.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>

#include "commands/loop.h"
#include "course/hints.h"
#include "lib/command.h"

struct options {
	const char *word;
	bool seen;
};

static const struct argp_option argp_options[] = {
	{ "seen", 's', NULL, 0, "Those that were seen already, and none more", 0 },
	{ 0 },
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct options *o = state->input;

	switch (key) {
	case 's':
		o->seen = true;
		return 0;
	case ARGP_KEY_ARG:
		if (o->word)
			argp_error(state, "one exercise at a time: '%s' is too much", arg);
		o->word = arg;
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static void print_level(const struct hints *h, unsigned int level)
{
	printf("Hint %u of %d: %s\n\n%s\n", level, NR_HINTS, h->level[level - 1].title,
	       h->level[level - 1].body);
}

static int read_hints(const struct loop *l, const struct exercise *e, struct hints *h)
{
	char path[PATH_MAX];
	int err = hints_read(h, course_path(path, &l->course, "%s/hints.md", e->folder));

	if (err == -ENOENT)
		fprintf(stderr, "oncpu %s: %s has no hints\n", l->command, e->slug);
	else if (err)
		fprintf(stderr, "oncpu %s: %s/hints.md does not hold three parts \"## N title\"\n",
			l->command, e->folder);
	return err ? EXIT_ENVIRON : EXIT_OK;
}

int loop_hint(struct loop *l, const struct exercise *e)
{
	struct standing s;
	struct hints h;
	int status = read_hints(l, e, &h);
	unsigned int level;

	progress_of(&s, &l->progress, e->slug);
	level = s.hints < NR_HINTS ? s.hints + 1 : NR_HINTS;
	if (status == EXIT_OK) {
		print_level(&h, level);
		if (s.hints >= NR_HINTS)
			printf("\nThat was the last one.\n");
		else
			status = loop_note(l, e->slug, "hint %u", level);
	}
	hints_free(&h);
	return status == EXIT_OK ? loop_reread(l) : status;
}

static int show_seen(const struct loop *l, const struct exercise *e)
{
	struct standing s;
	struct hints h;
	int status = read_hints(l, e, &h);
	unsigned int i;

	progress_of(&s, &l->progress, e->slug);
	for (i = 1; status == EXIT_OK && i <= s.hints && i <= NR_HINTS; i++) {
		print_level(&h, i);
		putchar('\n');
	}
	if (status == EXIT_OK && !s.hints)
		printf("No hint of %s was seen yet.\n", e->slug);
	hints_free(&h);
	return status;
}

static int run(int argc, char **argv)
{
	static const struct argp argp = { .options = argp_options,
					  .parser = parse,
					  .args_doc = "[EX]",
					  .doc = "One more hint each time: what the trace shows, "
						 "which line, the shape of the code." };
	const struct exercise *e;
	struct options o = {};
	struct loop l;
	int status;

	argp_parse(&argp, argc, argv, 0, NULL, &o);
	status = loop_open(&l, "hint");
	if (status == EXIT_OK) {
		e = loop_exercise(&l, o.word);
		status = !e ? EXIT_USAGE : o.seen ? show_seen(&l, e) : loop_hint(&l, e);
	}
	loop_close(&l);
	return status;
}

ONCPU_COMMAND(hint, { .name = "hint",
		      .args = "[EX] [--seen]",
		      .help = "show one more hint for an exercise",
		      .run = run });
