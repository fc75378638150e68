// SPDX-License-Identifier: GPL-2.0
/* A run is read, and told at once where it did not come to a good end. */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "grade/hang.h"
#include "grade/harness.h"
#include "grade/run.h"
#include "grade/tool.h"

#define STARVED_SLOW 4 /* then even what is right may not end in time */

/* A demo has no program of its own, and nothing that is explored. */
static bool stays(const char *path)
{
	return !path || path[0] == '/';
}

void run_leave_folder(void)
{
	bool absolute =
		stays(run_place.out) && stays(run_place.program) && stays(run_place.explored);

	if (absolute && chdir("/tmp"))
		perror("/tmp");
}

static char *read_text(const struct run *r, const char *suffix)
{
	char path[4096], *text = calloc(1, RUN_OUTPUT + 1);
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s.%s", run_place.out, r->name, suffix);
	f = fopen(path, "re");
	if (f && text)
		text[fread(text, 1, RUN_OUTPUT, f)] = '\0';
	if (f)
		fclose(f);
	return text;
}

static int read_end(struct run *r)
{
	char *text = read_text(r, "end");
	int end, n = text ? sscanf(text, "%d %lf %lf", &end, &r->stolen, &r->starved) : 0;

	free(text);
	if (n != 3)
		return -ENOENT;
	r->end = (enum run_end)end;
	return 0;
}

double run_starved(const char *name)
{
	struct run r = {};

	snprintf(r.name, sizeof(r.name), "%s", name);
	return name[0] && !read_end(&r) ? r.starved : 0;
}

static void take_exit(struct run *r)
{
	if (r->end != RUN_EXITED)
		return;
	r->code = r->trace->exit_code;
	if (r->trace->exit_signal) {
		r->end = RUN_KILLED;
		r->code = r->trace->exit_signal;
	}
}

int run_load(struct run *r, char *why, size_t why_size)
{
	char path[4096];
	int err = read_end(r);

	r->output = read_text(r, "out");
	r->errors = read_text(r, "err");
	r->told = read_text(r, "told");
	if (!r->output || !r->errors || !r->told)
		return -ENOMEM;
	snprintf(path, sizeof(path), "%s/%s.oncpu", run_place.out, r->name);
	if (!err)
		err = trace_read(&r->trace, path, why, why_size);
	if (!err) {
		err = model_build(&r->model, r->trace, 0);
		snprintf(why, why_size, "%s: %s", path, strerror(-err));
	}
	if (!err)
		take_exit(r);
	return err;
}

/* "count 4" -> "count-4"; without arguments: "run" */
static void name_run(struct run *r)
{
	const char *from = r->arguments;
	size_t n = 0;

	for (; *from && n < sizeof(r->name) - 1; from++)
		r->name[n++] = strchr("abcdefghijklmnopqrstuvwxyz0123456789", *from) ? *from : '-';
	r->name[n] = '\0';
	if (!n)
		snprintf(r->name, sizeof(r->name), "run");
}

static bool was_made(const struct run *r)
{
	char path[4096];

	snprintf(path, sizeof(path), "%s/%s.end", run_place.out, r->name);
	return !access(path, R_OK);
}

static void machine_trouble(const struct run *r, const char *what)
{
	struct verdict v = { .kind = VERDICT_INCONCLUSIVE };

	snprintf(v.run, sizeof(v.run), "%s", r->name);
	snprintf(v.saw, sizeof(v.saw), "%s", what);
	check_judge(v, "What is not recorded cannot be judged; it says nothing about your program.",
		    "Close what else is busy on this machine, and check again.");
}

/* Whatever is asked of such a record may be wrong. */
static void judge_record(const struct run *r)
{
	char what[128];

	if (r->model->nr_lost) {
		snprintf(what, sizeof(what), "%llu records of this run were lost",
			 (unsigned long long)r->model->nr_lost);
		machine_trouble(r, what);
	}
	if (r->model->nr_marks_lost) {
		snprintf(what, sizeof(what), "%llu marks of this run were lost",
			 (unsigned long long)r->model->nr_marks_lost);
		machine_trouble(r, what);
	}
	if (r->stolen > RUN_STOLEN_MOST) {
		snprintf(what, sizeof(what), "the machine under this one took %.0f %% of its CPUs",
			 r->stolen * 100);
		machine_trouble(r, what);
	}
}

static const struct run *run_any(const char *format, va_list args)
{
	struct run *r = calloc(1, sizeof(*r));
	char why[512] = "";

	if (!r) {
		fputs("# no memory\n", stdout);
		exit(1);
	}
	vsnprintf(r->arguments, sizeof(r->arguments), format, args);
	name_run(r);
	if (!was_made(r) && run_record(r, why, sizeof(why)))
		machine_trouble(r, why);
	if (run_load(r, why, sizeof(why)))
		machine_trouble(r, why);
	if (r->end == RUN_UNRECORDED)
		machine_trouble(r, "the recorder did not come to its end");
	judge_record(r);
	if (r->end == RUN_ENDLESS && r->starved > STARVED_SLOW) {
		snprintf(why, sizeof(why),
			 "it had not ended after %d s, on a machine %.1f times as slow as it is",
			 RUN_SECONDS, r->starved);
		machine_trouble(r, why);
	}
	if (run_tool && run_tool->judge)
		run_tool->judge(r);
	if (r->end != RUN_EXITED)
		hang_judge(r);
	return r;
}

const struct run *run_whatever(const char *format, ...)
{
	const struct run *r;
	va_list args;

	va_start(args, format);
	r = run_any(format, args);
	va_end(args);
	return r;
}

const struct run *run_of(const char *format, ...)
{
	const struct run *r;
	va_list args;

	va_start(args, format);
	r = run_any(format, args);
	va_end(args);
	if (r->code)
		exit_judge(r);
	return r;
}
