// SPDX-License-Identifier: GPL-2.0
/* What stands between the checks of an exercise and kselftest's harness. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "grade/harness.h"
#include "grade/run.h"
#include "grade/starved.h"
#include "lib/clock.h"

static enum check_class now_in;
static const char *now_title = "";
static double patience_ends; /* by now_s() */

static void verdict_path(char *path, size_t size)
{
	snprintf(path, size, "%s/verdict.json", run_place.out);
}

/* There while a CHECK is under way: one that the harness had to kill leaves it behind. */
static void begun_path(char *path, size_t size)
{
	snprintf(path, size, "%s/begun", run_place.out);
}

static const char *take(const char *arg, const char *name)
{
	size_t n = strlen(name);

	return !strncmp(arg, name, n) ? arg + n : NULL;
}

int check_open(int *argc, char **argv)
{
	struct run_place *p = &run_place;
	const char *value;
	int i, kept = 1;

	patience_ends = now_s() + CHECKS_SECONDS;
	for (i = 1; i < *argc; i++) {
		if ((value = take(argv[i], "--program=")))
			p->program = value;
		else if ((value = take(argv[i], "--explored=")))
			p->explored = value;
		else if ((value = take(argv[i], "--out=")))
			p->out = value;
		else if ((value = take(argv[i], "--oncpu=")))
			p->oncpu = value;
		else
			argv[kept++] = argv[i];
	}
	argv[kept] = NULL;
	*argc = kept;
	if (p->program && p->explored && p->out && p->oncpu)
		return 0;
	fprintf(stderr,
		"%s: it is run by 'oncpu check': --program=, --explored=, --out= and --oncpu= "
		"tell what to judge\n",
		argv[0]);
	return -EINVAL;
}

static void no_time(struct verdict *v)
{
	*v = (struct verdict){ .kind = VERDICT_INCONCLUSIVE, .in = now_in };
	snprintf(v->title, sizeof(v->title), "%s",
		 now_title[0] ? now_title : "the check comes to its end");
	snprintf(v->saw, sizeof(v->saw),
		 "This machine has so much else to do that the check did not come to its end in "
		 "time. Close what else is busy on it, and check again.");
}

/* The one before was not judged to its end, or all of it takes too long: it is not gone on with. */
static bool give_up(const char *begun)
{
	struct verdict v;
	char path[4096];

	if (access(begun, F_OK) && now_s() < patience_ends)
		return false;
	no_time(&v);
	verdict_path(path, sizeof(path));
	if (verdict_write(&v, path))
		fprintf(stderr, "%s: cannot be written\n", path);
	return true;
}

bool check_begin(const char *class, const char *title)
{
	char path[4096], begun[4096];
	FILE *f;

	verdict_path(path, sizeof(path));
	if (check_class_by_name(class, &now_in)) {
		fprintf(stderr, "there is no class '%s' of checks\n", class);
		exit(CHECK_FAILED);
	}
	now_title = title;
	begun_path(begun, sizeof(begun));
	if (!access(path, F_OK) || give_up(begun))
		return true;
	f = fopen(begun, "we");
	if (f)
		fclose(f);
	return false;
}

void check_end(void)
{
	char begun[4096];

	begun_path(begun, sizeof(begun));
	unlink(begun);
}

/* KTAP underneath: a comment a line. */
static void comment(const char *text)
{
	const char *end;

	for (; *text; text = *end ? end + 1 : end) {
		end = text + strcspn(text, "\n");
		printf("# %.*s\n", (int)(end - text), text);
	}
}

/* A CPU that stands still makes a sleeper late and a waiter busy: then it is not the program's fault. */
static void doubt(struct verdict *v)
{
	double slower = run_starved(v->run);
	size_t n = strlen(v->saw);

	if (v->kind != VERDICT_FAIL || v->certain || !check_class_is_timing(v->in) ||
	    slower <= STARVED_MOST)
		return;
	v->kind = VERDICT_INCONCLUSIVE;
	snprintf(v->saw + n, sizeof(v->saw) - n,
		 "\nBut the machine's own CPUs were kept from it: known work took %.1f times as "
		 "long as "
		 "it does, so nothing follows from that.",
		 slower);
}

void check_judge(struct verdict v, const char *why, const char *look)
{
	char path[4096];

	if (v.kind == VERDICT_PASS)
		return;
	if (!v.title[0]) {
		v.in = now_in;
		snprintf(v.title, sizeof(v.title), "%s", now_title);
	}
	doubt(&v);
	snprintf(v.why, sizeof(v.why), "%s", why);
	snprintf(v.look, sizeof(v.look), "%s", look);
	verdict_path(path, sizeof(path));
	if (verdict_write(&v, path))
		fprintf(stderr, "%s: cannot be written\n", path);
	check_end();
	printf("# %s: %s\n", verdict_kind_name(v.kind), v.title);
	comment(v.saw);
	fflush(stdout);
	exit(v.kind == VERDICT_FAIL ? CHECK_FAILED : CHECK_SKIPPED);
}
