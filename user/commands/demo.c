// SPDX-License-Identifier: GPL-2.0
/* oncpu demo: shows a room what a scheduler does. Options, the list, what to say, and the performing half. */
#include <argp.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "commands/demo.h"
#include "demo/perform.h"
#include "demo/slides.h"
#include "lib/command.h"

#define COLUMNS 80

enum { KEY_PERFORM = 256, KEY_SET, KEY_HANDS, KEY_PRESENT, KEY_SAVE, KEY_REPLAY, KEY_SCRIPT };

static const struct argp_option argp_options[] = {
	{ "set", KEY_SET, "KNOB=VALUE", 0, "Turn a knob of it", 0 },
	{ "hands", KEY_HANDS, "N,N...", 0,
	  "The room's answer, a number of hands for each choice; one number: one person's choice",
	  0 },
	{ "present", KEY_PRESENT, NULL, 0,
	  "For a projector: large, a step a screen, forward and back by the arrow keys", 0 },
	{ "save", KEY_SAVE, "FILE", 0, "Write the page of its decisive run, opened where to look",
	  0 },
	{ "replay", KEY_REPLAY, NULL, 0, "Show the saved run, where none can be made", 0 },
	{ "script", KEY_SCRIPT, NULL, 0, "What the instructor may say", 0 },
	{ "perform", KEY_PERFORM, "FOLDER", 0,
	  "Only the run: traces, and what was seen, into FOLDER; KTAP", 0 },
	{ 0 }
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct demo_options *o = state->input;

	switch (key) {
	case KEY_SET:
		if (o->nr_set == DEMO_KNOBS)
			argp_error(state, "no demo has more than %d knobs", DEMO_KNOBS);
		o->set[o->nr_set++] = arg;
		return 0;
	case KEY_PERFORM:
		o->perform = arg;
		return 0;
	case KEY_HANDS:
		o->hands = arg;
		return 0;
	case KEY_PRESENT:
		o->present = true;
		return 0;
	case KEY_SAVE:
		o->save = arg;
		return 0;
	case KEY_REPLAY:
		o->replay = true;
		return 0;
	case KEY_SCRIPT:
		o->script = true;
		return 0;
	case ARGP_KEY_ARG:
		if (o->word)
			argp_error(state, "one demo at a time: '%s' is too much", arg);
		o->word = arg;
		return 0;
	case ARGP_KEY_END:
		if (o->perform && !o->word)
			argp_error(state, "which demo? 'oncpu demo' lists them");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static int list(const struct loop *l, const struct demos *all)
{
	char oncpu[PATH_MAX];
	size_t i;

	for (i = 0; i < all->nr; i++)
		printf("%4ld  %-12s %s\n", strtol(all->list[i].name, NULL, 10), all->list[i].slug,
		       all->list[i].title);
	printf("\n%s demo NAME shows one; --present for a room, --script what to say to it\n",
	       loop_oncpu(oncpu, l));
	return EXIT_OK;
}

/* The page of the instructor: what it is about, what to say, what next. */
static int script(const struct demos *all, struct demo *d)
{
	static const char *const parts[] = { NULL, "Say", "Next" };
	struct slides s;
	char why[512];
	size_t i;

	if (slides_begin(&s, all, d, why, sizeof(why))) {
		fprintf(stderr, "oncpu demo: %s\n", why);
		slides_end(&s);
		return EXIT_ENVIRON;
	}
	s.o.width = COLUMNS;
	slide_title(stdout, &s, false);
	for (i = 0; i < sizeof(parts) / sizeof(*parts); i++) {
		slide_section(stdout, &s, parts[i]);
		putchar('\n');
		if (i == 0) {
			slide_question(stdout, &s);
			putchar('\n');
		}
	}
	slides_end(&s);
	return EXIT_OK;
}

/* KTAP: a result an expectation. What the machine spoilt is a skip, with the reason. */
static int print_ktap(const struct seen *s)
{
	size_t i;

	printf("TAP version 13\n1..%zu\n", s->nr_expectations ? s->nr_expectations : 1);
	for (i = 0; i < s->nr_sentences; i++)
		printf("# %s\n", s->sentences[i]);
	if (s->tries > 1)
		printf("# tries: %u\n", s->tries);
	for (i = 0; i < s->nr_expectations; i++) {
		const struct seen_expectation *e = &s->expectations[i];
		bool spoilt = !e->held && s->outcome == SEEN_INCONCLUSIVE;

		printf("# %s\n%s %zu %s%s%s\n", e->saw, e->held || spoilt ? "ok" : "not ok", i + 1,
		       e->name, spoilt ? " # SKIP " : "", spoilt ? s->why : "");
	}
	if (!s->nr_expectations)
		printf("ok 1 %s # SKIP %s\n", s->demo, s->why);
	return s->outcome == SEEN_FAILED ? EXIT_FAILED
	       : s->outcome == SEEN_HELD ? EXIT_OK
					 : EXIT_SKIPPED;
}

static int perform_it(const struct demos *all, const struct demo *d, const char *out)
{
	char why[512];
	struct seen s;

	if (perform(all, d, out, &s, why, sizeof(why))) {
		fprintf(stderr, "oncpu demo: %s\n", why);
		return EXIT_ENVIRON;
	}
	return print_ktap(&s);
}

static int turn(struct demo *d, const struct demo_options *o)
{
	const struct knob *k;
	size_t i;
	int err;

	for (i = 0; i < o->nr_set; i++) {
		err = knob_set(d, o->set[i]);
		if (!err)
			continue;
		fprintf(stderr, "oncpu demo: --set %s: %s. The knobs of '%s':\n", o->set[i],
			err == -ENOENT ? "there is no such knob" : "it does not go there", d->slug);
		for (k = d->knobs; k < d->knobs + d->nr_knobs; k++)
			fprintf(stderr, "  %s=%ld  %ld to %ld: %s\n", k->name, k->value, k->least,
				k->most, k->text);
		return EXIT_USAGE;
	}
	return EXIT_OK;
}

static int run_one(const struct loop *l, const struct demos *all, const struct demo_options *o)
{
	struct demo *d = demos_find(all, o->word);
	char oncpu[PATH_MAX];
	int status;

	if (!d) {
		fprintf(stderr, "oncpu demo: there is no demo '%s': '%s demo' lists them\n",
			o->word, loop_oncpu(oncpu, l));
		return EXIT_USAGE;
	}
	status = turn(d, o);
	if (status != EXIT_OK)
		return status;
	if (o->script)
		return script(all, d);
	if (o->replay && o->nr_set) {
		fprintf(stderr,
			"oncpu demo: --set: a replay shows the run that was saved, and its knobs "
			"cannot be turned\n");
		return EXIT_USAGE;
	}
	return o->perform ? perform_it(all, d, o->perform) : demo_show(l, all, d, o);
}

static int run(int argc, char **argv)
{
	static const struct argp argp = {
		.options = argp_options,
		.parser = parse,
		.args_doc = "[NAME]",
		.doc = "Shows what a scheduler does: asks what will happen, lets it happen, and "
		       "shows it "
		       "with the answers laid over.\vWithout NAME: lists the demos. Exit status: 0 "
		       "it was "
		       "as expected, 1 it was not, 3 the machine had no time for it.",
	};
	struct demo_options o = {};
	struct demos all = {};
	int status, err;
	char why[512];
	struct loop l;

	argp_parse(&argp, argc, argv, 0, NULL, &o);
	status = loop_open(&l, "demo");
	if (status == EXIT_OK) {
		err = demos_read(&all, l.course.home, why, sizeof(why));
		if (err) {
			fprintf(stderr, "oncpu demo: %s: %s\n", why, strerror(-err));
			status = EXIT_ENVIRON;
		} else {
			status = o.word ? run_one(&l, &all, &o) : list(&l, &all);
		}
	}
	demos_free(&all);
	loop_close(&l);
	return status;
}

ONCPU_COMMAND(demo, { .name = "demo",
		      .args = "[NAME] [--set KNOB=VALUE] [--present | --replay | --script]",
		      .help = "show a room what a scheduler does",
		      .run = run });
