// SPDX-License-Identifier: GPL-2.0
/* oncpu dump FILE: what a trace holds, a line a record. */
#include <argp.h>
#include <errno.h>
#include <string.h>

#include "lib/command.h"
#include "view/dump.h"

enum { KEY_SOURCE = 's', KEY_JSON = 'j' };

struct options {
	const char *file;
	enum trace_source source; /* 0: all */
	bool json;
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct options *o = state->input;

	switch (key) {
	case KEY_SOURCE:
		o->source = !strcmp(arg, "bpf") ? TRACE_BPF : TRACE_MODULE;
		if (o->source == TRACE_MODULE && strcmp(arg, "module"))
			argp_error(state, "--source is bpf or module, not '%s'", arg);
		return 0;
	case KEY_JSON:
		o->json = true;
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

static const struct argp_option options[] = {
	{ "source", KEY_SOURCE, "bpf|module", 0, "whose records (default: all)", 0 },
	{ "json", KEY_JSON, NULL, 0, "an object a line: see user/view/dump.h", 0 },
	{ 0 },
};

static const struct argp argp = {
	.options = options,
	.parser = parse,
	.args_doc = "FILE",
	.doc = "Print what the trace FILE holds, record by record, in order of time.",
};

static int run(int argc, char **argv)
{
	struct options o = { .file = NULL };
	struct trace *t;
	char why[256];
	int err;

	if (argp_parse(&argp, argc, argv, 0, NULL, &o))
		return EXIT_USAGE;
	if (trace_read(&t, o.file, why, sizeof(why))) {
		fprintf(stderr, "oncpu dump: %s: %s\n", o.file, why);
		return EXIT_ENVIRON;
	}
	err = dump_trace(stdout, t, o.source, o.json);
	if (!err && (fflush(stdout) || ferror(stdout)))
		err = errno ? -errno : -EIO;
	trace_free(t);
	if (err && err != -EPIPE)
		fprintf(stderr, "oncpu dump: %s: %s\n", o.file, strerror(-err));
	return err ? EXIT_ENVIRON : EXIT_OK;
}

ONCPU_COMMAND(dump, { .name = "dump",
		      .args = "FILE [--source bpf|module] [--json]",
		      .help = "print what a trace holds, a line a record",
		      .run = run });
