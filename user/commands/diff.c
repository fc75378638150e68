// SPDX-License-Identifier: GPL-2.0
/* oncpu diff A B: what changed between two runs. */
#include <argp.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/command.h"
#include "view/diff.h"

enum { KEY_JSON = 'j' };

struct options {
	const char *files[2];
	bool json;
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct options *o = state->input;

	switch (key) {
	case KEY_JSON:
		o->json = true;
		return 0;
	case ARGP_KEY_ARG:
		if (state->arg_num >= 2)
			argp_error(state, "two files, not more: '%s' is too much", arg);
		o->files[state->arg_num] = arg;
		return 0;
	case ARGP_KEY_END:
		if (!o->files[1])
			argp_error(state, "which two FILES? The run before, then the run after");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static struct model *model_of(const char *file)
{
	struct trace *t = NULL;
	struct model *m = NULL;
	char why[512];
	int err;

	if (trace_read(&t, file, why, sizeof(why))) {
		fprintf(stderr, "oncpu diff: %s: %s\n", file, why);
		return NULL;
	}
	err = model_build(&m, t, 0);
	if (err)
		fprintf(stderr, "oncpu diff: %s: %s\n", file,
			err == -ENODATA ? "nothing was recorded; record it again" : strerror(-err));
	trace_free(t);
	return m;
}

static int print(const struct options *o, const struct model *a, const struct model *b)
{
	const char *no = getenv("NO_COLOR");
	const bool colour = isatty(STDOUT_FILENO) && !(no && *no);
	const struct diff_side before = { o->files[0], a }, after = { o->files[1], b };
	int err = o->json ? diff_json(stdout, &before, &after)
			  : diff_text(stdout, &before, &after, colour);

	if (!err && (fflush(stdout) || ferror(stdout)))
		err = errno ? -errno : -EIO;
	if (err)
		fprintf(stderr, "oncpu diff: %s\n", strerror(-err));
	return err ? EXIT_ENVIRON : EXIT_OK;
}

static int run(int argc, char **argv)
{
	static const struct argp_option options[] = {
		{ "json", KEY_JSON, NULL, 0, "for a program: see user/view/diff.h", 0 },
		{ 0 },
	};
	static const struct argp argp = {
		.options = options,
		.parser = parse,
		.args_doc = "BEFORE AFTER",
		.doc = "Say what changed from the run in one trace to the run in another.",
	};
	struct options o = { .json = false };
	struct model *a, *b = NULL;
	int status = EXIT_ENVIRON;

	if (argp_parse(&argp, argc, argv, 0, NULL, &o))
		return EXIT_USAGE;
	a = model_of(o.files[0]);
	if (a)
		b = model_of(o.files[1]);
	if (a && b)
		status = print(&o, a, b);
	model_free(a);
	model_free(b);
	return status;
}

ONCPU_COMMAND(diff, { .name = "diff",
		      .args = "BEFORE AFTER [--json]",
		      .help = "say what changed between two runs",
		      .run = run });
