// SPDX-License-Identifier: GPL-2.0
/* A show from its arguments to what it leaves: seen.json. */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>

#include "demo/show_part.h"
#include "grade/starved.h"

struct showing showing;

static const char *take(const char *arg, const char *name)
{
	size_t n = strlen(name);

	return !strncmp(arg, name, n) ? arg + n : NULL;
}

static int take_knobs(int argc, char **argv, char *why, size_t size)
{
	char path[PATH_MAX];
	const char *value;
	int i, err;

	snprintf(path, sizeof(path), "%s/knobs", showing.folder);
	err = knobs_read(&showing.demo, path, why, size);
	for (i = 1; i < argc && !err; i++) {
		value = take(argv[i], "--set=");
		if (!value)
			continue;
		err = knob_set(&showing.demo, value);
		snprintf(why, size, "%s: %s", value, strerror(-err));
	}
	return err;
}

static int open_show(int argc, char **argv)
{
	char why[512] = "--folder=, --workload=, --out= and --oncpu= tell what to show";
	const char *value;
	int i, err;

	for (i = 1; i < argc; i++) {
		if ((value = take(argv[i], "--folder=")))
			showing.folder = value;
		else if ((value = take(argv[i], "--workload=")))
			showing.workload = value;
		else if ((value = take(argv[i], "--out=")))
			run_place.out = value;
		else if ((value = take(argv[i], "--oncpu=")))
			run_place.oncpu = value;
	}
	err = showing.folder && showing.workload && run_place.out && run_place.oncpu ? 0 : -EINVAL;
	if (!err)
		err = take_knobs(argc, argv, why, sizeof(why));
	if (err)
		fprintf(stderr, "%s: %s\n", argv[0], why);
	return err;
}

static void name_show(void)
{
	const char *slash = strrchr(showing.folder, '/');
	struct seen *s = &showing.seen;
	const struct knob *k;
	struct utsname u;
	size_t n = 0;

	snprintf(s->demo, sizeof(s->demo), "%s", slash ? slash + 1 : showing.folder);
	if (!uname(&u))
		snprintf(s->kernel, sizeof(s->kernel), "%.*s", (int)sizeof(s->kernel) - 1,
			 u.release);
	for (k = showing.demo.knobs; k < showing.demo.knobs + showing.demo.nr_knobs; k++)
		n += (size_t)snprintf(s->set + n, sizeof(s->set) - n, "%s%s=%ld", n ? " " : "",
				      k->name, k->value);
}

/* What disturbed a run, in words; false: nothing did. */
static bool disturbed(const struct run *r, char *why, size_t size)
{
	if (r->model->nr_lost)
		snprintf(why, size, "%llu records of the run \"%s\" were lost",
			 (unsigned long long)r->model->nr_lost, r->name);
	else if (r->starved > STARVED_MOST)
		snprintf(why, size,
			 "around the run \"%s\" the guest was kept from its CPUs: known work took "
			 "%.1f times as long as it does",
			 r->name, r->starved);
	else if (r->stolen > RUN_STOLEN_MOST)
		snprintf(why, size, "the machine under this one took %.0f %% of its CPUs",
			 r->stolen * 100);
	else
		return false;
	return true;
}

/* A failure on a machine that had no time for us says nothing; what held, held. */
static void conclude(struct seen *s)
{
	bool all = true;
	size_t i;

	if (s->outcome == SEEN_INCONCLUSIVE)
		return;
	for (i = 0; i < s->nr_expectations; i++)
		all &= s->expectations[i].held;
	s->outcome = all ? SEEN_HELD : SEEN_FAILED;
	for (i = 0; i < s->nr_runs && !all; i++)
		if (showing.runs[i] && showing.runs[i]->model &&
		    disturbed(showing.runs[i], s->why, sizeof(s->why)))
			s->outcome = SEEN_INCONCLUSIVE;
}

void show_end(void)
{
	int err;

	conclude(&showing.seen);
	err = seen_write(&showing.seen, run_place.out);
	if (err)
		fprintf(stderr, "%s: %s\n", run_place.out, strerror(-err));
	fflush(stdout);
	exit(err ? 1 : 0);
}

int show_main(int argc, char **argv, void (*show)(void))
{
	if (open_show(argc, argv))
		return 2;
	name_show();
	show();
	if (!showing.seen.nr_expectations)
		give_up("show.c expects nothing: it could not fail");
	show_end();
}

long knob(const char *name)
{
	const struct knob *k = knob_find(&showing.demo, name);

	if (!k)
		give_up("show.c asks for the knob '%s', which the file knobs does not have", name);
	return k->value;
}

const char *own_file(const char *name)
{
	char *path;

	if (asprintf(&path, "%s/%s", showing.folder, name) < 0)
		give_up("no memory");
	return path;
}

void as_root(void)
{
	showing.all_run_as_root = true;
}

void record_with(const char *option)
{
	if (showing.nr_record < sizeof(showing.record) / sizeof(*showing.record))
		showing.record[showing.nr_record++] = option;
}

void give_up(const char *format, ...)
{
	struct seen_expectation *e = &showing.seen.expectations[0];
	va_list args;

	if (showing.seen.nr_expectations < SEEN_EXPECTATIONS)
		e = &showing.seen.expectations[showing.seen.nr_expectations++];
	*e = (struct seen_expectation){ .name = "the show comes to its end" };
	va_start(args, format);
	vsnprintf(e->saw, sizeof(e->saw), format, args);
	va_end(args);
	show_end();
}

void lacking(const char *format, ...)
{
	struct seen *s = &showing.seen;
	va_list args;

	va_start(args, format);
	vsnprintf(s->why, sizeof(s->why), format, args);
	va_end(args);
	s->outcome = SEEN_INCONCLUSIVE;
	s->lacking = true;
	s->nr_expectations = 0;
	show_end();
}
