// SPDX-License-Identifier: GPL-2.0
/* Running for a show: a program under the recorder, and its model. */
#include <errno.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "demo/show_part.h"
#include "grade/starved.h"

struct seen_run *show_seen(const struct run *r)
{
	size_t i;

	for (i = 0; i < showing.seen.nr_runs; i++)
		if (showing.runs[i] == r)
			return &showing.seen.runs[i];
	give_up("show.c shows a run that act() did not make");
}

/* The whole path of a program: where the recorder's child has become it, that is what is looked for. */
static char *find_program(const char *name)
{
	static const char *const folders[] = { "/usr/bin", "/bin", "/usr/sbin", "/sbin" };
	char path[PATH_MAX], *whole = NULL;
	size_t i;

	if (!strcmp(name, "workload"))
		return strdup(showing.workload);
	if (!strcmp(name, "oncpu"))
		return strdup(run_place.oncpu);
	for (i = 0; !whole && i < sizeof(folders) / sizeof(*folders); i++) {
		snprintf(path, sizeof(path), "%s/%s", folders[i], name);
		whole = access(path, X_OK) ? NULL : realpath(path, NULL);
	}
	return whole ? whole : strdup(name);
}

static struct run *prepare(const char *name, const char *format, va_list args)
{
	struct run *r = calloc(1, sizeof(*r));
	char command[sizeof(r->arguments) + 64], *space;
	size_t i, n = 0;

	if (!r)
		give_up("no memory");
	vsnprintf(command, sizeof(command), format, args);
	space = strchr(command, ' ');
	if (space) {
		*space = '\0';
		snprintf(r->arguments, sizeof(r->arguments), "%.*s", (int)sizeof(r->arguments) - 1,
			 space + 1);
	}
	snprintf(r->name, sizeof(r->name), "%s", name);
	r->program = find_program(command);
	if (showing.all_run_as_root)
		r->options[n++] = "--user=root";
	for (i = 0; i < showing.nr_record; i++)
		r->options[n++] = showing.record[i];
	return r;
}

static struct seen_run *announce(const struct run *r, const char *title)
{
	struct seen *s = &showing.seen;
	struct seen_run *seen;

	if (s->nr_runs == SEEN_RUNS)
		give_up("show.c has more than %d runs", SEEN_RUNS);
	seen = &s->runs[s->nr_runs];
	*seen = (struct seen_run){};
	snprintf(seen->name, sizeof(seen->name), "%.*s", (int)sizeof(seen->name) - 1, r->name);
	snprintf(seen->title, sizeof(seen->title), "%s", title);
	showing.runs[s->nr_runs++] = r;
	printf("# %s\n", title);
	fflush(stdout);
	return seen;
}

static const struct run *run_it(const char *name, const char *title, const char *format,
				va_list args)
{
	struct run *r = prepare(name, format, args);
	struct seen_run *seen = announce(r, title);
	char why[512] = "";
	int err;

	err = run_record(r, why, sizeof(why));
	if (!err)
		err = run_load(r, why, sizeof(why));
	if (err) { /* without a trace there is nothing to argue from */
		snprintf(showing.seen.why, sizeof(showing.seen.why),
			 "it was not recorded: %.180s%.180s", r->errors ? r->errors : "", why);
		showing.seen.outcome = SEEN_INCONCLUSIVE;
		show_end();
	}
	seen->starved = r->starved > STARVED_MOST;
	return r;
}

const struct run *act_whatever(const char *name, const char *title, const char *format, ...)
{
	const struct run *r;
	va_list args;

	va_start(args, format);
	r = run_it(name, title, format, args);
	va_end(args);
	return r;
}

static const char *how_it_ended(const struct run *r)
{
	static char text[64];

	switch (r->end) {
	case RUN_KILLED:
		return strsignal(r->code);
	case RUN_QUIET:
		return "all of its threads slept, and none was to be woken";
	case RUN_CROWD:
		return "it made more tasks than it may";
	case RUN_ENDLESS:
		return "it had not ended when its time was over";
	default:
		snprintf(text, sizeof(text), "exit status %d", r->code);
		return text;
	}
}

const struct run *act(const char *name, const char *title, const char *format, ...)
{
	const struct run *r;
	va_list args;

	va_start(args, format);
	r = run_it(name, title, format, args);
	va_end(args);
	if (r->end != RUN_EXITED || r->code)
		give_up("the run \"%s\" did not come to a good end: %s: %.*s%.*s", name,
			how_it_ended(r), 100, r->output, 160, r->errors);
	return r;
}

const char *words(const char *format, ...)
{
	char *text;
	va_list args;
	int n;

	va_start(args, format);
	n = vasprintf(&text, format, args);
	va_end(args);
	if (n < 0)
		give_up("no memory");
	return text;
}
