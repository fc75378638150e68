// SPDX-License-Identifier: GPL-2.0
/* oncpu report FILE: what happened, on one screen. */
#include <argp.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/command.h"
#include "view/report.h"
#include "view/text.h"

enum { KEY_SOURCE = 's', KEY_JSON = 'j', KEY_WHY = 'w', KEY_BRIEF = 'b' };

struct options {
	const char *file;
	enum trace_source source; /* 0: the first that has records */
	bool json, brief;
	const char *why; /* TID@TIME */
};

static error_t parse_source(struct options *o, const char *name, struct argp_state *state)
{
	if (!strcmp(name, "module"))
		o->source = TRACE_MODULE;
	else if (!strcmp(name, "bpf"))
		o->source = TRACE_BPF;
	else
		argp_error(state, "there is no source '%s': it is bpf or module", name);
	return 0;
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct options *o = state->input;

	switch (key) {
	case KEY_SOURCE:
		return parse_source(o, arg, state);
	case KEY_JSON:
		o->json = true;
		return 0;
	case KEY_BRIEF:
		o->brief = true;
		return 0;
	case KEY_WHY:
		o->why = arg;
		return 0;
	case ARGP_KEY_ARG:
		if (o->file)
			argp_error(state, "only one FILE at a time");
		o->file = arg;
		return 0;
	case ARGP_KEY_END:
		if (!o->file)
			argp_error(state, "which FILE? 'oncpu record -o FILE -- CMD' makes one");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static bool wants_colour(void)
{
	const char *no = getenv("NO_COLOR");

	return isatty(STDOUT_FILENO) && !(no && *no);
}

/* "103@2.05ms": a thread and an instant, counted as the report counts: from the command's start. */
static int parse_instant(const char *text, const struct model *m, uint32_t *tid, uint64_t *time_ns)
{
	char *end;

	errno = 0;
	*tid = (uint32_t)strtoul(text, &end, 10);
	if (end == text || *end != '@' || errno)
		return -EINVAL;
	return view_parse_moment(time_ns, m, end + 1);
}

static int print_why(const struct options *o, const struct model *m)
{
	const struct interval *i;
	const struct thread *t;
	uint64_t time_ns;
	uint32_t tid;

	if (parse_instant(o->why, m, &tid, &time_ns)) {
		fprintf(stderr,
			"oncpu report: --why takes TID@TIME, as 103@2.05ms, not '%s': TIME from "
			"the "
			"start of the command, in ns, us, ms (where there is no unit) or s\n",
			o->why);
		return EXIT_USAGE;
	}
	t = model_thread_at(m, tid, time_ns);
	i = t ? model_at(t, time_ns) : NULL;
	if (!i) {
		fprintf(stderr,
			"oncpu report: no thread %u lived at that time: 'oncpu report %s' lists "
			"them\n",
			tid, o->file);
		return EXIT_USAGE;
	}
	report_why(stdout, m, t, i);
	return fflush(stdout) ? EXIT_ENVIRON : EXIT_OK;
}

static int print_report(const struct options *o, const struct trace *t, const struct model *m)
{
	if (o->json)
		return report_json(stdout, t, m);
	return (o->brief ? report_brief : report_text)(stdout, t, m, wants_colour());
}

static int print(const struct options *o, const struct trace *t)
{
	struct model *m;
	int err = model_build(&m, t, o->source);

	if (err == -ENODATA && o->source) {
		fprintf(stderr,
			"oncpu report: %s: the %s recorder recorded nothing here; leave out "
			"--source\n",
			o->file, view_source(o->source));
		return EXIT_ENVIRON;
	}
	if (err == -ENODATA) {
		fprintf(stderr, "oncpu report: %s: nothing was recorded; record it again\n",
			o->file);
		return EXIT_ENVIRON;
	}
	if (!err && o->why) {
		err = print_why(o, m);
		model_free(m);
		return err;
	}
	if (!err)
		err = print_report(o, t, m);
	model_free(m);
	if (!err && (fflush(stdout) || ferror(stdout)))
		err = errno ? -errno : -EIO;
	if (!err)
		return EXIT_OK;
	fprintf(stderr, "oncpu report: %s: %s\n", o->file, strerror(-err));
	return EXIT_ENVIRON;
}

static int run(int argc, char **argv)
{
	static const struct argp_option options[] = {
		{ "source", KEY_SOURCE, "bpf|module", 0,
		  "whose records (default: the first that has any)", 0 },
		{ "json", KEY_JSON, NULL, 0, "for a program: see user/view/report.h", 0 },
		{ "brief", KEY_BRIEF, NULL, 0,
		  "the first look alone: the threads, what stands out, the longest waits", 0 },
		{ "why", KEY_WHY, "TID@TIME", 0,
		  "why was this thread off its CPU then? TIME from the command's start, as 2.05ms",
		  0 },
		{ 0 },
	};
	static const struct argp argp = {
		.options = options,
		.parser = parse,
		.args_doc = "FILE",
		.doc = "Say on one screen what happened in the trace FILE.",
	};
	struct options o = { .file = NULL };
	struct trace *t;
	char why[256];
	int status;

	if (argp_parse(&argp, argc, argv, 0, NULL, &o))
		return EXIT_USAGE;
	if (trace_read(&t, o.file, why, sizeof(why))) {
		fprintf(stderr, "oncpu report: %s: %s\n", o.file, why);
		return EXIT_ENVIRON;
	}
	status = print(&o, t);
	trace_free(t);
	return status;
}

ONCPU_COMMAND(report, { .name = "report",
			.args = "FILE [--source bpf|module] [--brief | --json | --why TID@TIME]",
			.help = "say on one screen what happened in a trace",
			.run = run });
