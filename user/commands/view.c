// SPDX-License-Identifier: GPL-2.0
/* oncpu view: a trace file as a picture, in the terminal or as a page. */
#include <argp.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "commands/terminal.h"
#include "commands/walk.h"
#include "lib/command.h"
#include "view/export.h"
#include "view/text.h"
#include "view/view.h"

/* What can be made beside the timeline, each into a file of its own. */
enum { OUT_HTML, OUT_PERFETTO, OUT_CHROME, OUT_CSV, NR_OUTS };

struct options {
	const char *file, *outs[NR_OUTS];
	enum trace_source source;
	unsigned int width; /* 0: the terminal's */
	bool term, all;
	const char *from, *to; /* moments; NULL: the command's start, its end */
	uint32_t tid;	       /* chosen at first; 0: nobody in particular */
};

enum { KEY_TERM = 256, KEY_SOURCE, KEY_WIDTH, KEY_ALL, KEY_FROM, KEY_TO, KEY_THREAD, KEY_OUTS };

static const struct argp_option argp_options[] = {
	{ "term", KEY_TERM, NULL, 0,
	  "A timeline for the terminal, to walk about in; without it, or piped: one picture", 0 },
	{ "html", KEY_OUTS + OUT_HTML, "OUT", 0,
	  "A page in one file that opens in any browser, offline", 0 },
	{ "perfetto", KEY_OUTS + OUT_PERFETTO, "OUT", 0,
	  "A trace for ui.perfetto.dev and trace_processor", 0 },
	{ "chrome", KEY_OUTS + OUT_CHROME, "OUT", 0, "Chrome's trace event JSON, for other tools",
	  0 },
	{ "csv", KEY_OUTS + OUT_CSV, "OUT", 0, "Every interval as a line, for a notebook", 0 },
	{ "source", KEY_SOURCE, "bpf|module", 0,
	  "Whose records to show, where both recorders ran; else the first that has any", 0 },
	{ "width", KEY_WIDTH, "N", 0, "Columns of the timeline (the terminal's width, or 80)", 0 },
	{ "from", KEY_FROM, "TIME", 0,
	  "Begin the timeline here: TIME from the command's start, as 2.05ms", 0 },
	{ "to", KEY_TO, "TIME", 0, "... and end it here", 0 },
	{ "thread", KEY_THREAD, "TID", 0, "The thread that is chosen at first, to walk about", 0 },
	{ "all", KEY_ALL, NULL, 0, "Every thread, also of other programs", 0 },
	{ 0 }
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct options *o = state->input;
	char *end;

	switch (key) {
	case KEY_TERM:
		o->term = true;
		return 0;
	case KEY_OUTS ... KEY_OUTS + NR_OUTS - 1:
		o->outs[key - KEY_OUTS] = arg;
		return 0;
	case KEY_ALL:
		o->all = true;
		return 0;
	case KEY_FROM:
		o->from = arg;
		return 0;
	case KEY_TO:
		o->to = arg;
		return 0;
	case KEY_THREAD:
		o->tid = (uint32_t)strtoul(arg, &end, 10);
		if (*end || !o->tid)
			argp_error(state, "--thread is a thread's number, not '%s'", arg);
		return 0;
	case KEY_SOURCE:
		o->source = !strcmp(arg, "bpf") ? TRACE_BPF : TRACE_MODULE;
		if (o->source == TRACE_MODULE && strcmp(arg, "module"))
			argp_error(state, "--source is bpf or module, not '%s'", arg);
		return 0;
	case KEY_WIDTH:
		o->width = (unsigned int)strtoul(arg, &end, 10);
		if (*end || *arg == '-' || o->width < VIEW_MIN_WIDTH || o->width > VIEW_MAX_WIDTH)
			argp_error(state, "--width is a number from %d to %d, not '%s'",
				   VIEW_MIN_WIDTH, VIEW_MAX_WIDTH, arg);
		return 0;
	case ARGP_KEY_ARG:
		if (o->file)
			argp_error(state, "one FILE at a time: '%s' is too much", arg);
		o->file = arg;
		return 0;
	case ARGP_KEY_END:
		if (!o->file)
			argp_error(state, "which FILE? 'oncpu record -o T.oncpu -- CMD' makes one");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp argp = {
	argp_options, parse, "FILE", "Shows what ran where, who waited, and why.", NULL, NULL, NULL
};

/* 0, or -EINVAL: told. */
static int window_of(struct view_window *w, const struct model *m, const struct options *o)
{
	*w = (struct view_window){ m->span_start_ns, m->span_end_ns };
	if ((o->from && view_parse_moment(&w->start_ns, m, o->from)) ||
	    (o->to && view_parse_moment(&w->end_ns, m, o->to)) || w->end_ns <= w->start_ns) {
		fprintf(stderr, "oncpu view: --from and --to are times from the command's start, "
				"as 2.05ms, and the first comes first\n");
		return -EINVAL;
	}
	return 0;
}

static int show(const struct model *m, const struct view_head *head, const struct options *o)
{
	struct view_term_options to = { .width = o->width ? o->width : terminal_width(),
					.unicode = terminal_utf8(),
					.colour = terminal_colour(STDOUT_FILENO),
					.all = o->all };
	struct walk_start start = { .tid = o->tid };
	struct view_window span;
	int err;

	if (window_of(&span, m, o))
		return EXIT_USAGE;
	if (o->from || o->to || o->tid)
		start.window = span;
	if (o->term && isatty(STDIN_FILENO) && isatty(STDOUT_FILENO))
		return walk_about(m, head, &to, &start);
	err = view_term(stdout, m, head, span, &to);

	if (!err && fflush(stdout))
		err = -errno;
	if (err && err != -EPIPE)
		fprintf(stderr, "oncpu view: cannot write the timeline: %s\n", strerror(-err));
	return err ? EXIT_ENVIRON : EXIT_OK;
}

static int write_one(int out, FILE *f, const struct model *m, const struct view_head *head)
{
	switch (out) {
	case OUT_HTML:
		return view_html(f, m, head);
	case OUT_PERFETTO:
		return view_perfetto(f, m);
	case OUT_CHROME:
		return view_chrome(f, m);
	default:
		return view_csv(f, m);
	}
}

static int fill(int out, FILE *f, const struct model *m, const struct view_head *head)
{
	int err = write_one(out, f, m, head);

	if (!err && (fflush(f) || fsync(fileno(f))))
		err = -errno;
	if (fclose(f) && !err)
		err = -errno;
	return err;
}

/* Beside its final place and renamed at the end, so that nobody meets half a file. */
static int write_file(int out, const char *path, const struct model *m,
		      const struct view_head *head)
{
	char *temporary;
	mode_t mask = umask(0);
	int fd, err;
	FILE *f;

	umask(mask);
	if (asprintf(&temporary, "%s.XXXXXX", path) < 0)
		return -ENOMEM;
	fd = mkstemp(temporary);
	if (fd < 0) {
		err = -errno;
		goto out_free;
	}
	f = fdopen(fd, "w");
	if (!f) {
		err = -errno;
		close(fd);
		goto out_unlink;
	}
	err = fchmod(fd, 0666 & ~mask) ? -errno : 0;
	if (err)
		fclose(f);
	else
		err = fill(out, f, m, head);
	if (!err && rename(temporary, path))
		err = -errno;
out_unlink:
	if (err)
		unlink(temporary);
out_free:
	free(temporary);
	return err;
}

static int save(int out, const struct model *m, const struct view_head *head, const char *path)
{
	int err = write_file(out, path, m, head);

	if (!err)
		return EXIT_OK;
	fprintf(stderr, "oncpu view: cannot write %s: %s%s\n", path, strerror(-err),
		err == -ENOSPC || err == -EDQUOT ? ": make room or name another place"
		: err == -ENOENT		 ? ": make that folder first"
						 : "");
	return EXIT_ENVIRON;
}

static int show_all(const struct model *m, const struct view_head *head, const struct options *o)
{
	int status = EXIT_OK, i, nr_files = 0;

	for (i = 0; i < NR_OUTS && status == EXIT_OK; i++) {
		if (!o->outs[i])
			continue;
		status = save(i, m, head, o->outs[i]);
		nr_files++;
	}
	if (status == EXIT_OK && (o->term || !nr_files))
		status = show(m, head, o);
	return status;
}

static int model_of(struct model **m, const struct trace *t, const struct options *o)
{
	int err = model_build(m, t, o->source);

	if (err == -ENODATA)
		fprintf(stderr, "oncpu view: %s holds no records%s: record again%s\n", o->file,
			o->source == TRACE_BPF	    ? " of bpf"
			: o->source == TRACE_MODULE ? " of the module"
						    : "",
			o->source ? ", or leave --source away" : "");
	else if (err)
		fprintf(stderr, "oncpu view: cannot make sense of %s: %s\n", o->file,
			strerror(-err));
	return err;
}

static int run(int argc, char **argv)
{
	struct options o = { 0 };
	struct trace *t = NULL;
	struct model *m = NULL;
	int status = EXIT_ENVIRON;
	char why[512];

	if (argp_parse(&argp, argc, argv, 0, NULL, &o))
		return EXIT_USAGE;
	if (trace_read(&t, o.file, why, sizeof(why))) {
		fprintf(stderr, "oncpu view: %s: %s\n", o.file, why);
		return EXIT_ENVIRON;
	}
	if (!model_of(&m, t, &o)) {
		struct view_head head = { .command = t->command,
					  .kernel = t->kernel,
					  .start_utc = t->start_utc,
					  .exit_code = t->exit_code,
					  .exit_signal = t->exit_signal };

		status = show_all(m, &head, &o);
	}
	model_free(m);
	trace_free(t);
	return status;
}

ONCPU_COMMAND(view,
	      { "view",
		"FILE [--term] [--html OUT] [--perfetto OUT] [--chrome OUT] [--csv OUT] [--all]",
		"show a recording: who ran where, who waited, and why", run });
