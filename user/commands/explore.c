// SPDX-License-Identifier: GPL-2.0
/* oncpu explore: run a program under many schedules, and show the one that breaks it. */
#include <argp.h>
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "commands/storm.h"
#include "explore/explore.h"
#include "explore/tell.h"
#include "explore/timeline.h"
#include "lib/command.h"

enum {
	KEY_SCHEDULES = 'n',
	KEY_SECONDS = 't',
	KEY_SEED = 's',
	KEY_STRATEGY = 'S',
	KEY_REPLAY = 'r',
	KEY_JSON = 'j',
	KEY_KEEP_GOING = 'k',
	KEY_EXPECT = 'e',
	KEY_CC = 'c',
	KEY_TIMELINE = 'o',
	KEY_ANY_EXIT = 256,
	KEY_STOP_AT_FAULT,
	KEY_GDB,
	KEY_STORM,
	KEY_SHOW_OUTPUT,
	KEY_MAX_STEPS,
	KEY_NO_SHRINK,
	KEY_SECONDS_EACH,
};

struct arguments {
	struct explore_options o;
	const char *cc, *replay, *timeline;
	bool json, gdb, no_shrink, storm;
	char **rest;
	char program[PATH_MAX];
	char folder[64]; /* of a program that was built here, to be removed */
};

static error_t parse_number(struct argp_state *state, const char *what, const char *arg,
			    uint64_t *value)
{
	char *end;

	errno = 0;
	*value = strtoull(arg, &end, 10);
	if (errno || *end || end == arg)
		argp_error(state, "--%s wants a number, not '%s'", what, arg);
	return 0;
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct arguments *a = state->input;
	uint64_t n = 0;

	switch (key) {
	case KEY_SCHEDULES:
		parse_number(state, "schedules", arg, &n);
		a->o.nr_schedules = n > UINT32_MAX ? UINT32_MAX : (uint32_t)n;
		return 0;
	case KEY_SECONDS:
		a->o.seconds = atof(arg);
		if (a->o.seconds > 0 && !a->o.nr_schedules)
			a->o.nr_schedules = UINT32_MAX;
		return 0;
	case KEY_SECONDS_EACH:
		a->o.seconds_each = atof(arg);
		return 0;
	case KEY_MAX_STEPS:
		parse_number(state, "max-steps", arg, &n);
		a->o.max_steps = (uint32_t)n;
		return 0;
	case KEY_SEED:
		return parse_number(state, "seed", arg, &a->o.seed);
	case KEY_STRATEGY:
		if (explore_strategy_by_name(arg, &a->o.strategy))
			argp_error(
				state,
				"there is no strategy '%s': it is mix, surw, rf, pct, pos, random "
				"or quiet",
				arg);
		return 0;
	case KEY_REPLAY:
		a->replay = arg;
		return 0;
	case KEY_JSON:
		a->json = true;
		return 0;
	case KEY_KEEP_GOING:
		a->o.keep_going = true;
		return 0;
	case KEY_EXPECT:
		a->o.expect = arg;
		return 0;
	case KEY_CC:
		a->cc = arg;
		return 0;
	case KEY_ANY_EXIT:
		a->o.any_exit_status = true;
		return 0;
	case KEY_STOP_AT_FAULT:
		a->o.stop_at_fault = true;
		return 0;
	case KEY_SHOW_OUTPUT:
		a->o.show_output = true;
		return 0;
	case KEY_TIMELINE:
		a->timeline = arg;
		return 0;
	case KEY_GDB:
		a->gdb = true;
		return 0;
	case KEY_NO_SHRINK:
		a->no_shrink = true;
		return 0;
	case KEY_STORM:
		a->storm = true;
		return 0;
	case ARGP_KEY_ARG:
		a->rest = &state->argv[state->next - 1];
		state->next = state->argc;
		return 0;
	case ARGP_KEY_END:
		if (!a->rest)
			argp_error(state, "which program? A source file, or what 'oncpu cc' built");
		if (a->storm && (a->cc || a->replay || a->json || a->o.strategy))
			argp_error(state, "--storm takes a program as it is, promises no replay "
					  "and knows no strategies: leave out --cc, --replay, "
					  "--strategy and --json");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static bool is_source(const char *s)
{
	const char *dot = strrchr(s, '.');

	return dot && (!strcmp(dot, ".c") || !strcmp(dot, ".cc") || !strcmp(dot, ".cpp"));
}

/* Sources up to "--", then the program's arguments: builds, and turns into program and arguments. */
static int build(struct arguments *a)
{
	char why[512], **end = a->rest;

	while (*end && strcmp(*end, "--"))
		end++;
	if (*end)
		*end++ = NULL;
	snprintf(a->folder, sizeof(a->folder), "%s/oncpu-XXXXXX",
		 access("/tmp", W_OK) ? "." : "/tmp");
	if (!mkdtemp(a->folder)) {
		fprintf(stderr, "oncpu explore: %s: %s\n", a->folder, strerror(errno));
		return EXIT_ENVIRON;
	}
	snprintf(a->program, sizeof(a->program), "%s/program", a->folder);
	if (explore_build(a->cc ? a->cc : "gcc", a->rest, a->program, why, sizeof(why))) {
		fprintf(stderr, "oncpu explore: %s\n", why);
		return EXIT_ENVIRON;
	}
	end[-1] = a->program; /* the place of "--", or of the end: there is always one */
	a->rest = end - 1;
	return 0;
}

static int find_program(struct arguments *a)
{
	if (a->cc || is_source(a->rest[0]))
		return build(a);
	snprintf(a->program, sizeof(a->program), "%s", a->rest[0]);
	if (!access(a->program, X_OK))
		return 0;
	fprintf(stderr, "oncpu explore: %s: %s\n", a->program, strerror(errno));
	return EXIT_ENVIRON;
}

/* The same failure, as short as it can be had, run once more with a log. NULL: it cannot. */
static char *shortest(struct arguments *a, struct exploration *x, const struct explore_failure *f)
{
	struct explore_schedule small = { 0 };
	struct explore_run run;
	char *word = NULL;

	if (a->no_shrink || explore_shrink(x, f, &small)) {
		free(small.segments);
		small = f->schedule;
	}
	if (!explore_replay(x, &small, true, &run))
		word = explore_word(&small);
	if (small.segments != f->schedule.segments)
		free(small.segments);
	return word;
}

/* What the last run with a log did, for "oncpu view". */
static int write_timeline(const struct arguments *a, const struct exploration *x,
			  const struct code *src)
{
	int err;

	if (!a->timeline)
		return 0;
	err = timeline_write(a->timeline, explore_shared(x), src, a->program);
	if (!err)
		return 0;
	fprintf(stderr, "oncpu explore: %s: %s\n", a->timeline, strerror(-err));
	return EXIT_ENVIRON;
}

static void show_interleaving(struct arguments *a, struct exploration *x,
			      const struct explore_failure *f, const struct code *src)
{
	const struct shared *s = explore_shared(x);
	char *word = shortest(a, x, f);

	if (!word)
		return;
	printf("\nThe interleaving, %u switches of thread%s:\n\n",
	       s->nr_segments ? s->nr_segments - 1 : 0,
	       a->no_shrink ? "" : ", as few as were found to do");
	tell_columns(stdout, s, src);
	write_timeline(a, x, src);
	if (strlen(word) < 300)
		printf("\nOnce more:       --replay %s\n", word);
	printf("As it was found: --replay %u%s\n", f->number,
	       a->o.seed ? ", with the same --seed" : "");
	free(word);
}

static void report_text(struct arguments *a, struct exploration *x, const struct explore_result *r,
			const struct code *src)
{
	uint32_t i;

	for (i = 0; i < r->nr_failures; i++) {
		printf("%s", i ? "\n" : "");
		tell_failure(stdout, &r->failures[i], src);
		printf("  in schedule %u, by %s\n", r->failures[i].number,
		       explore_strategy_name(r->failures[i].strategy));
	}
	if (r->first)
		show_interleaving(a, x, r->harm ? r->harm : r->first, src);
	printf("%s%u schedules in %.2f s (%.0f a second), %u threads", r->first ? "\n" : "",
	       r->nr_schedules, r->seconds, r->nr_schedules / (r->seconds + 1e-9), r->nr_threads);
	if (r->nr_undecided)
		printf("; %u met a limit and decide nothing", r->nr_undecided);
	printf("%s\n", r->first ? "" : ": nothing found");
}

static int report(struct arguments *a, struct exploration *x, const struct explore_result *r)
{
	const struct explore_failure *f = r->harm ? r->harm : r->first;
	struct code *src;
	char *word = NULL;

	if (code_open(&src, a->program, explore_shared(x)->base))
		return EXIT_ENVIRON;
	if (a->json) {
		if (f && !a->no_shrink)
			word = shortest(a, x, f);
		tell_json(stdout, r, src, &a->o, explore_shared(x), word);
		free(word);
	} else {
		report_text(a, x, r, src);
	}
	code_close(src);
	if (!r->first && r->nr_undecided == r->nr_schedules)
		return EXIT_ENVIRON;
	return r->first ? EXIT_FAILED : EXIT_OK;
}

static int explore(struct arguments *a, struct exploration *x)
{
	struct explore_result r;
	int err = explore_run(x, &r);

	if (err == -ENOEXEC || err == -ETIMEDOUT || err == -EPIPE) {
		fprintf(stderr,
			"oncpu explore: %s was not built for it: 'oncpu cc -o PROG FILE.c' builds "
			"one\n",
			a->program);
		return EXIT_ENVIRON;
	}
	if (err) {
		fprintf(stderr, "oncpu explore: %s: %s\n", a->program, strerror(-err));
		return EXIT_ENVIRON;
	}
	if (r.refused) {
		fprintf(stderr, "oncpu explore: %s: cannot be explored: %s\n", a->program,
			r.refused);
		return EXIT_ENVIRON;
	}
	return report(a, x, &r);
}

/* The schedule that --replay names: a word, or a number of this exploration. */
static int find_schedule(struct arguments *a, struct exploration *x, struct explore_schedule *s)
{
	const struct shared *shm = explore_shared(x);
	struct explore_run run;
	char *end;
	unsigned long number;
	int err;

	if (strchr(a->replay, 'x'))
		return explore_parse_word(a->replay, s);
	number = strtoul(a->replay, &end, 10);
	if (*end || !number || number > UINT32_MAX)
		return -EINVAL;
	err = explore_number(x, (uint32_t)number, &run);
	if (err)
		return err;
	s->segments = calloc(shm->nr_segments + 1, sizeof(*s->segments));
	if (!s->segments)
		return -ENOMEM;
	s->nr = shm->nr_segments;
	memcpy(s->segments, shm->segments, s->nr * sizeof(*s->segments));
	return 0;
}

static int replay(struct arguments *a, struct exploration *x)
{
	struct explore_schedule s = { 0 };
	struct explore_run run;
	struct code *src;
	int err = find_schedule(a, x, &s);

	if (!err && a->gdb)
		err = explore_debug(x, &s);
	if (!err)
		err = explore_replay(x, &s, true, &run);
	free(s.segments);
	if (err) {
		fprintf(stderr, "oncpu explore: --replay %s: %s\n", a->replay, strerror(-err));
		return err == -EINVAL ? EXIT_USAGE : EXIT_ENVIRON;
	}
	if (code_open(&src, a->program, explore_shared(x)->base))
		return EXIT_ENVIRON;
	tell_columns(stdout, explore_shared(x), src);
	write_timeline(a, x, src);
	printf("%s; %u operations, %u switches, interleaving %016llx%s\n", tell_kind(run.kind),
	       run.nr_steps, run.nr_switches, (unsigned long long)run.hash,
	       explore_shared(x)->diverged ? "; the program did not follow the schedule" : "");
	code_close(src);
	return run.kind && run.kind <= FOUND_LAST_HARM ? EXIT_FAILED : EXIT_OK;
}

static const char doc[] =
	"Run a program under many schedules, and show the one that breaks it.\v"
	"  oncpu explore count.c                 build it and explore it\n"
	"  oncpu explore --cc clang a.c b.c -- 7 another compiler, an argument for the program\n"
	"  oncpu cc -o prog a.c b.c              or build it so, and\n"
	"  oncpu explore -- ./prog 7\n\n"
	"It finds failed assertions, crashes, exit statuses, wrong output, deadlocks, hangs, data "
	"races, "
	"locks in opposite orders, and misuse of mutexes, threads and freed memory. A data race "
	"does not "
	"end the search: it goes on to what the race breaks, unless --stop-at-fault.\n\n"
	"It sees sequentially consistent executions only: not what a missing fence does to relaxed "
	"atomics. Libraries not built by 'oncpu cc' are atomic to it. It follows one process. Time "
	"is "
	"virtual, a sleep may end at any moment. Nothing found is no proof. "
	"user/explore/README.md tells more.\n\n"
	"--storm runs any program, in as many processes as it likes, under a random scheduler in "
	"the kernel (root, sched_ext; on a host: in the guest) and records it; the trace of the "
	"run that failed is kept. Default: 20 runs. The same seed is the same weather, not the "
	"same run.\n\n"
	"Exit status: 0 nothing found, 1 found, 2 usage, 3 it cannot be explored here, 4 --storm: "
	"the kernel has no sched_ext.";

static int run(int argc, char **argv)
{
	static const struct argp_option options[] = {
		{ "schedules", KEY_SCHEDULES, "N", 0, "at most so many (default 1000)", 0 },
		{ "seconds", KEY_SECONDS, "T", 0, "at most so long", 0 },
		{ "seed", KEY_SEED, "S", 0, "another S, other schedules (default 0)", 0 },
		{ "strategy", KEY_STRATEGY, "NAME", 0,
		  "mix (default), surw, rf, pct, pos, random, quiet", 0 },
		{ "replay", KEY_REPLAY, "SCHEDULE", 0,
		  "run one again: its number, or the word that the report gave", 0 },
		{ "timeline", KEY_TIMELINE, "FILE.oncpu", 0,
		  "write the interleaving as a trace, for 'oncpu view'", 0 },
		{ "output", KEY_TIMELINE, NULL, OPTION_ALIAS, NULL, 0 },
		{ "gdb", KEY_GDB, NULL, 0, "with --replay: under gdb", 0 },
		{ "cc", KEY_CC, "COMPILER", 0, "build what follows with it (default gcc)", 0 },
		{ "expect", KEY_EXPECT, "TEXT", 0, "what it must print", 0 },
		{ "any-exit", KEY_ANY_EXIT, NULL, 0, "an exit status that is not 0 is no failure",
		  0 },
		{ "keep-going", KEY_KEEP_GOING, NULL, 0, "on to the last schedule", 0 },
		{ "stop-at-fault", KEY_STOP_AT_FAULT, NULL, 0,
		  "stop at a data race, too, where the run itself went on", 0 },
		{ "json", KEY_JSON, NULL, 0, "for a program", 0 },
		{ "show-output", KEY_SHOW_OUTPUT, NULL, 0, "let the program print", 0 },
		{ "no-shrink", KEY_NO_SHRINK, NULL, 0, "show the failure as it was found", 0 },
		{ "max-steps", KEY_MAX_STEPS, "N", 0, "operations in a schedule", 0 },
		{ "seconds-each", KEY_SECONDS_EACH, "T", 0,
		  "for one schedule (default 10; of a storm 30)", 0 },
		{ "storm", KEY_STORM, NULL, 0,
		  "a program as it is, many processes too, under a scheduler in the VM's kernel",
		  0 },
		{ 0 },
	};
	static const struct argp argp = {
		.options = options,
		.parser = parse,
		.args_doc = "FILE.c... [-- ARGUMENT...]\n-- PROGRAM [ARGUMENT...]",
		.doc = doc,
	};
	struct arguments a = { .cc = NULL };
	struct exploration *x;
	char why[512];
	int status;

	if (argp_parse(&argp, argc, argv, ARGP_IN_ORDER, NULL, &a))
		return EXIT_USAGE;
	if (a.storm)
		return storm_about(&a.o, a.rest, a.timeline);
	status = find_program(&a);
	if (status)
		goto out;
	a.o.program = a.program;
	a.o.argv = a.rest;
	if (explore_open(&x, &a.o, why, sizeof(why))) {
		fprintf(stderr, "oncpu explore: %s\n", why);
		status = EXIT_ENVIRON;
		goto out;
	}
	status = a.replay ? replay(&a, x) : explore(&a, x);
	explore_close(x);
out:
	if (a.folder[0]) {
		unlink(a.program);
		rmdir(a.folder);
	}
	return status;
}

ONCPU_COMMAND(explore, { .name = "explore",
			 .args = "[OPTION...] FILE.c... | -- PROGRAM [ARGUMENT...]",
			 .help = "run a program under many schedules, show the one that breaks it",
			 .run = run });
