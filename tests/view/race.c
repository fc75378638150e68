// SPDX-License-Identifier: GPL-2.0
/*
 * Writes the page of a race made by hand to stdout: race two|hostile|none. Three jobs of 100, 50 and 30 ms,
 * one after the other, under two contestants; with names that would be HTML; or nobody came through.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "builder.h"
#include "race/page.h"

#define HEAD                                                                          \
	"cpus 2\nend 400\nexit 0\ntask M 100 100 1 oncpu\nname J1 101\nname J2 102\n" \
	"name J3 103\ntarget M\n"                                                     \
	"0 cpu1 switch idle -> M R\n"                                                 \
	"0 cpu1 fork M -> J1 process\n0 cpu1 new J1 by M at 1\n"                      \
	"0 cpu1 fork M -> J2 process\n0 cpu1 new J2 by M at 1\n"                      \
	"0 cpu1 fork M -> J3 process\n0 cpu1 new J3 by M at 1\n"                      \
	"1 cpu1 switch M -> J1 S\n1 cpu1 comm J1 %s1\n"                               \
	"2 cpu1 switch J1 -> J2 S\n2 cpu1 comm J2 %s2\n"                              \
	"3 cpu1 switch J2 -> J3 S\n3 cpu1 comm J3 %s3\n"                              \
	"4 cpu1 switch J3 -> idle S\n10 cpu1 waking J1 by idle hardirq at 1\n"        \
	"10 cpu1 waking J2 by idle hardirq at 1\n10 cpu1 switch idle -> J1 R\n"       \
	"10 marks begin J1 job\n20 cpu1 waking J3 by J1 hardirq at 1\n"               \
	"110 marks end J1 job\n110 cpu1 switch J1 -> J2 S\n110 marks begin J2 job\n"  \
	"160 marks end J2 job\n160 cpu1 switch J2 -> J3 S\n160 marks begin J3 job\n"  \
	"190 marks end J3 job\n190 cpu1 switch J3 -> idle S\n"

#define CONTESTANTS 2

static const struct race_cpus last = { .first = 1, .nr = 1 };

static struct model *build(const char *names)
{
	char text[4096], why[256] = "";
	struct trace *t;
	struct model *m;

	snprintf(text, sizeof(text), HEAD, names, names, names);
	if (builder_trace(&t, text, why, sizeof(why)) || model_build(&m, t, 0)) {
		fprintf(stderr, "race: %s\n", why);
		exit(1);
	}
	return m;
}

static int run(struct race_result *r, struct race_picture *p, const struct model *m)
{
	struct race_run one = { 0 };
	int err = race_run_make(&one, m, last);

	return err ?: race_result_add(r, &one) ?: race_picture_make(p, r, 0, m);
}

int main(int argc, char **argv)
{
	bool hostile = argc == 2 && !strcmp(argv[1], "hostile"),
	     none = argc == 2 && !strcmp(argv[1], "none");
	struct race_result results[CONTESTANTS] = {
		{ .name = "fifo", .rules = { .theory = THEORY_FIFO, .nr_cpus = 1 } },
		{ .name = hostile ? "</script><b>x" : "sjf,preempt=0",
		  .rules = { .theory = THEORY_SJF, .nr_cpus = 1 } },
	};
	struct race race = { .command = hostile ? "<img src=x onerror=alert(1)>"
						: "fifo sjf -- jobs 100 50 30@10",
			     .nr_runs = 1,
			     .cpus = last,
			     .results = results,
			     .n = CONTESTANTS };
	struct race_picture pictures[CONTESTANTS];
	struct model *m = build(hostile ? "<b>" : "job");
	size_t i, n = 0;
	int err = 0;

	for (i = 0; i < CONTESTANTS && !err; i++) {
		if (none)
			snprintf(results[i].trouble, sizeof(results[i].trouble),
				 "%s is out of the race in run 1: so it was", results[i].name);
		else
			err = run(&results[i], &pictures[n++], m);
	}
	if (!err)
		err = race_write_page(stdout, &race, pictures, n);
	return err || fflush(stdout) ? 1 : 0;
}
