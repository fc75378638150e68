// SPDX-License-Identifier: GPL-2.0
/*
 * oncpu race: the same workload under several schedulers, what they made of it side by side.
 *
 * The runs are interleaved, so that what changes on the machine meanwhile (who else is busy, how warm
 * it is) changes for all. A run is measured when it has ended; its trace stays until the end, since
 * which run is shown is known only then.
 */
#include <argp.h>
#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "commands/contestant.h"
#include "commands/race_files.h"
#include "commands/terminal.h"
#include "lib/command.h"
#include "lib/trace_reader.h"
#include "course/file.h"
#include "race/page.h"
#include "race/picture.h"
#include "race/results.h"
#include "record/how.h"
#include "record/source.h"
#include "record/whom.h"

#define MOST_CONTESTANTS 16
#define MOST_RUNS	 1000
#define DEFAULT_RUNS	 3

struct command_line {
	struct contestant contestants[MOST_CONTESTANTS];
	size_t n;
	unsigned int nr_runs, nr_cpus;
	const char *folder, *html;
	char *const *workload;
	bool refused; /* some of them, since this kernel cannot have them */
};

static error_t parse_number(unsigned int *out, const char *arg, unsigned int most)
{
	unsigned long n;
	char *end;

	n = strtoul(arg, &end, 10);
	if (*arg < '1' || *arg > '9' || *end || n > most)
		return EINVAL;
	*out = (unsigned int)n;
	return 0;
}

static void add_contestant(struct command_line *c, const char *word, struct argp_state *state)
{
	char why[512];
	int err;

	if (c->n == MOST_CONTESTANTS)
		argp_error(state, "%d contestants are the most", MOST_CONTESTANTS);
	err = contestant_find(&c->contestants[c->n], word, why, sizeof(why));
	if (err == -EOPNOTSUPP) {
		fprintf(stderr, "oncpu race: without %s: %s\n", word, why);
		c->refused = true;
		return;
	}
	if (err)
		argp_error(state, "%s (oncpu race --list tells who can take part)", why);
	c->n++;
}

enum { KEY_RUNS = 'n', KEY_CPUS = 'c', KEY_HTML = 'H', KEY_LIST = 'l' };

static const struct argp_option options[] = {
	{ "runs", KEY_RUNS, "N", 0, "how often each of them runs (3)", 0 },
	{ "cpus", KEY_CPUS, "N", 0, "on how many CPUs: the last ones (1)", 0 },
	{ "output", 'o', "FOLDER", 0, "keep the traces there, as eevdf-1.oncpu", 0 },
	{ "html", KEY_HTML, "FILE", 0, "pictures and table as a page, too", 0 },
	{ "list", KEY_LIST, NULL, 0, "who can take part", 0 },
	{ 0 }
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct command_line *c = state->input;

	switch (key) {
	case KEY_RUNS:
		if (parse_number(&c->nr_runs, arg, MOST_RUNS))
			argp_error(state, "--runs is a number from 1 to %d, not '%s'", MOST_RUNS,
				   arg);
		return 0;
	case KEY_CPUS:
		if (parse_number(&c->nr_cpus, arg, (unsigned int)sysconf(_SC_NPROCESSORS_ONLN)))
			argp_error(state, "--cpus is a number from 1 to %ld here, not '%s'",
				   sysconf(_SC_NPROCESSORS_ONLN), arg);
		return 0;
	case 'o':
		c->folder = arg;
		return 0;
	case KEY_HTML:
		c->html = arg;
		return 0;
	case KEY_LIST:
		contestants_print(stdout);
		exit(EXIT_OK);
	case ARGP_KEY_ARG:
		if (state->quoted && state->next - 1 >= state->quoted) {
			c->workload = &state->argv[state->next - 1];
			state->next = state->argc;
		} else {
			add_contestant(c, arg, state);
		}
		return 0;
	case ARGP_KEY_END:
		if (!c->n && !c->refused)
			argp_error(state, "who against whom? 'oncpu race --list' tells who can "
					  "take part");
		if (!c->workload)
			argp_error(state, "which workload? As in: -- oncpu jobs 200 50@20 50@40");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp argp = {
	.options = options,
	.parser = parse,
	.args_doc = "CONTESTANT... -- WORKLOAD [ARGUMENT...]",
	.doc = "Runs WORKLOAD under each of the schedulers, in turns, and shows what they made of "
	       "it: "
	       "one picture beneath the other, and a table of turnaround, response, wait, "
	       "fairness, "
	       "switches, migrations and throughput, held against theory where theory gives "
	       "numbers.\v"
	       "A job is what a thread marks as 'job', as 'oncpu jobs' does; where nobody marks "
	       "any, "
	       "each thread is one. "
	       "Exit status: 3: a run failed; 4: a contestant needs a kernel with sched_ext.",
};

struct running {
	const struct command_line *c;
	struct race_files files;
	struct race_result results[MOST_CONTESTANTS];
	struct race race;
	struct race_picture pictures[MOST_CONTESTANTS];
	struct loaded { /* what they show */
		struct trace *trace;
		struct model *model;
	} loaded[MOST_CONTESTANTS];
	size_t nr_pictures;
	bool terminal; /* stderr is one */
};

static void progress(const struct running *r, unsigned int run, const struct contestant *who)
{
	if (r->terminal)
		fprintf(stderr, "\r\033[K");
	if (!who)
		return;
	fprintf(stderr, "oncpu race: run %u of %u: %s%s", run, r->c->nr_runs, who->word,
		r->terminal ? "" : "\n");
	fflush(stderr);
}

/* What was recorded, as numbers. 0 or -errno with why. */
static int measure(struct running *r, size_t who, const char *path, char *why, size_t why_size)
{
	struct race_run run = { 0 };
	struct trace *t = NULL;
	struct model *m = NULL;
	int err = trace_read(&t, path, why, why_size);

	if (err)
		return err;
	err = model_build(&m, t, 0);
	if (!err && m->nr_lost)
		err = -EOVERFLOW;
	if (!err)
		err = race_run_make(&run, m, r->race.cpus);
	model_free(m);
	trace_free(t);
	run.path = path;
	if (!err)
		return race_result_add(&r->results[who], &run);
	race_run_free(&run);
	snprintf(why, why_size, "%s",
		 err == -EOVERFLOW ? "records were lost: the machine is too busy"
		 : err == -ENODATA ? "nothing was recorded"
				   : strerror(-err));
	return err;
}

static int check_end(const struct session_options *o, const struct session_result *result,
		     char *why, size_t why_size)
{
	if (result->exec_err)
		snprintf(why, why_size, "cannot run %s: %s", o->argv[0],
			 strerror(-result->exec_err));
	else if (result->interrupted)
		snprintf(why, why_size, "interrupted");
	else if (result->end.signal)
		snprintf(why, why_size, "%s was ended by signal %d (%s)", o->argv[0],
			 result->end.signal, strsignal(result->end.signal));
	else if (result->end.code)
		snprintf(why, why_size, "%s ended with exit status %d", o->argv[0],
			 result->end.code);
	else
		return 0;
	return result->interrupted ? -EINTR : -ECHILD;
}

static int run_one(struct running *r, unsigned int run, size_t who, char *why, size_t why_size)
{
	const struct contestant *c = &r->c->contestants[who];
	struct session_options o = { .argv = r->c->workload };
	struct whom whom = { .o = &o };
	struct session_result result;
	int err;

	how_default(&o);
	o.path = race_files_add(&r->files, c->word, run);
	how_one_recorder(&o);
	err = o.path ? whom_finish(&whom, why, why_size) : -ENOMEM;
	if (!err)
		err = race_files_hush(&r->files);
	if (err)
		return err;
	err = contestant_run(c, r->race.cpus, &o, &result, why, why_size);
	race_files_unhush(&r->files);
	if (!err || (err == -ECANCELED && result.interrupted))
		err = check_end(&o, &result, why, why_size);
	if (err == -ECHILD)
		race_files_tell_output(&r->files, stderr);
	return err ? err : measure(r, who, o.path, why, why_size);
}

static int run_all(struct running *r)
{
	const struct command_line *c = r->c;
	char why[1024] = "";
	unsigned int run;
	size_t who;
	int err = 0;

	for (run = 1; run <= c->nr_runs && !err; run++)
		for (who = 0; who < c->n && !err; who++) {
			if (r->results[who].trouble[0])
				continue;
			progress(r, run, &c->contestants[who]);
			err = run_one(r, run, who, why, sizeof(why));
			if (err == -ECANCELED) {
				snprintf(r->results[who].trouble, sizeof(r->results[who].trouble),
					 "%s is out of the race in run %u: %s",
					 c->contestants[who].word, run, why);
				err = 0;
			} else if (err) {
				progress(r, 0, NULL);
				fprintf(stderr, "oncpu race: run %u of %s: %s\n", run,
					c->contestants[who].word, why);
			}
		}
	progress(r, 0, NULL);
	return err;
}

/* The last ones: interrupts are mostly with the first. We and the recorder stay with the others, if any. */
static void choose_cpus(struct running *r)
{
	unsigned int nr = (unsigned int)sysconf(_SC_NPROCESSORS_ONLN), cpu;
	cpu_set_t others;

	r->race.cpus = (struct race_cpus){ .first = nr - r->c->nr_cpus, .nr = r->c->nr_cpus };
	CPU_ZERO(&others);
	for (cpu = 0; cpu < r->race.cpus.first; cpu++)
		CPU_SET(cpu, &others);
	if (r->race.cpus.first)
		sched_setaffinity(0, sizeof(others), &others);
}

static void start_results(struct running *r)
{
	size_t i;

	for (i = 0; i < r->c->n; i++) {
		r->results[i].name = r->c->contestants[i].word;
		r->results[i].rules = r->c->contestants[i].rules;
		r->results[i].rules.nr_cpus = r->c->nr_cpus;
	}
	r->race.nr_runs = r->c->nr_runs;
	r->race.results = r->results;
	r->race.n = r->c->n;
}

/* The typical run of each that had one. 0 or -errno. */
static int load_pictures(struct running *r)
{
	struct loaded *l = r->loaded;
	char why[512];
	size_t i, run;
	int err = 0;

	for (i = 0; i < r->c->n && !err; i++) {
		run = race_typical(&r->results[i]);
		if (run == r->results[i].nr_runs)
			continue;
		err = trace_read(&l->trace, r->results[i].runs[run].path, why, sizeof(why));
		if (!err)
			err = model_build(&l->model, l->trace, 0);
		if (!err)
			err = race_picture_make(&r->pictures[r->nr_pictures], &r->results[i], run,
						l->model);
		r->nr_pictures++;
		l++;
	}
	return err;
}

static void unload_pictures(struct running *r)
{
	size_t i;

	for (i = 0; i < r->nr_pictures; i++) {
		race_picture_free(&r->pictures[i]);
		model_free(r->loaded[i].model);
		trace_free(r->loaded[i].trace);
	}
}

/* "eevdf rr -- oncpu jobs 200 50@20" */
static void describe(const struct command_line *c, char *buf, size_t size)
{
	size_t i, n = 0;

	for (i = 0; i < c->n && n < size; i++)
		n += (size_t)snprintf(buf + n, size - n, "%s ", c->contestants[i].word);
	for (i = 0; c->workload[i] && n < size; i++)
		n += (size_t)snprintf(buf + n, size - n, "%s%s", i ? " " : "-- ", c->workload[i]);
}

static int save_page(const struct running *r)
{
	char *html = NULL;
	size_t size = 0;
	FILE *f = open_memstream(&html, &size);
	int err = f ? race_write_page(f, &r->race, r->pictures, r->nr_pictures) : -errno;

	if (f && fclose(f) && !err)
		err = -errno;
	if (!err)
		err = file_replace(r->c->html, html, size);
	free(html);
	if (err)
		fprintf(stderr, "oncpu race: cannot write %s: %s\n", r->c->html, strerror(-err));
	return err;
}

static int print(const struct running *r)
{
	struct view_term_options o = { .width = terminal_width(),
				       .unicode = terminal_utf8(),
				       .colour = terminal_colour(STDOUT_FILENO) };
	int err = race_print_pictures(stdout, r->pictures, r->nr_pictures, r->race.cpus, &o);

	if (!err)
		err = race_print_table(stdout, &r->race, &o);
	if (!err && fflush(stdout))
		err = -errno;
	if (err && err != -EPIPE)
		fprintf(stderr, "oncpu race: cannot show it: %s\n", strerror(-err));
	return err;
}

static int show(struct running *r)
{
	int err = load_pictures(r);

	if (err)
		fprintf(stderr, "oncpu race: cannot read its traces again: %s\n", strerror(-err));
	if (!err)
		err = print(r);
	if (!err && r->c->html)
		err = save_page(r);
	unload_pictures(r);
	return err;
}

/* Whoever ends us meanwhile waits until what we made is gone. */
static void block_signals(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGHUP);
	sigprocmask(SIG_BLOCK, &set, NULL);
	signal(SIGPIPE, SIG_IGN);
}

static int run(int argc, char **argv)
{
	struct command_line c = { .nr_runs = DEFAULT_RUNS, .nr_cpus = 1 };
	struct running r = { .c = &c, .terminal = isatty(STDERR_FILENO) };
	char why[512], command[512];
	size_t i;
	int err;

	if (argp_parse(&argp, argc, argv, ARGP_IN_ORDER, NULL, &c))
		return EXIT_USAGE;
	if (!c.n)
		return EXIT_SKIPPED;
	block_signals();
	choose_cpus(&r);
	start_results(&r);
	describe(&c, command, sizeof(command));
	r.race.command = command;
	err = race_files_begin(&r.files, c.folder, why, sizeof(why));
	if (err)
		fprintf(stderr, "oncpu race: %s\n", why);
	if (!err)
		err = run_all(&r);
	if (!err)
		err = show(&r);
	for (i = 0; i < c.n; i++)
		race_result_free(&r.results[i]);
	race_files_end(&r.files);
	return err ? EXIT_ENVIRON : c.refused ? EXIT_SKIPPED : EXIT_OK;
}

ONCPU_COMMAND(race,
	      { .name = "race",
		.args = "A B... [--runs N] [--cpus N] [-o FOLDER] [--html F] -- WORKLOAD...",
		.help = "run a workload under several schedulers, and compare what they made of it",
		.run = run });
