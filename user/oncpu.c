// SPDX-License-Identifier: GPL-2.0
/* The oncpu command: finds the subcommand and runs it. */
#include <argp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/command.h"

#ifndef ONCPU_VERSION
#define ONCPU_VERSION "unknown"
#endif

extern const struct command *const __start_oncpu_commands[], *const __stop_oncpu_commands[];

static int by_name(const void *a, const void *b)
{
	return strcmp((*(const struct command *const *)a)->name,
		      (*(const struct command *const *)b)->name);
}

static void print_commands(FILE *f)
{
	size_t n = (size_t)(__stop_oncpu_commands - __start_oncpu_commands), i;
	const struct command *sorted[n];

	memcpy(sorted, __start_oncpu_commands, sizeof(sorted));
	qsort(sorted, n, sizeof(*sorted), by_name);
	fprintf(f, "usage: oncpu COMMAND [OPTION...] [ARGUMENT...]\n\n");
	for (i = 0; i < n; i++)
		fprintf(f, "  %-8s %s\n  %-8s   oncpu %s %s\n", sorted[i]->name, sorted[i]->help,
			"", sorted[i]->name, sorted[i]->args);
	fprintf(f, "\n'oncpu COMMAND --help' tells more. Exit status: 0 ok, 1 a check failed, 2 "
		   "usage,\n"
		   "3 inconclusive or something is missing here, 4 skipped.\n");
}

static const struct command *find_command(const char *name)
{
	const struct command *const *c;

	for (c = __start_oncpu_commands; c < __stop_oncpu_commands; c++)
		if (!strcmp((*c)->name, name))
			return *c;
	return NULL;
}

int main(int argc, char **argv)
{
	const struct command *c;
	char name[64];

	argp_err_exit_status = EXIT_USAGE;
	if (argc < 2) {
		print_commands(stderr);
		return EXIT_USAGE;
	}
	if (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-h") || !strcmp(argv[1], "help")) {
		print_commands(stdout);
		return EXIT_OK;
	}
	if (!strcmp(argv[1], "--version")) {
		puts("oncpu " ONCPU_VERSION);
		return EXIT_OK;
	}
	c = find_command(argv[1]);
	if (!c) {
		fprintf(stderr, "oncpu: there is no command '%s': 'oncpu help' lists them\n",
			argv[1]);
		return EXIT_USAGE;
	}
	snprintf(name, sizeof(name), "oncpu %s", c->name);
	argv[1] = name;
	return c->run(argc - 1, argv + 1);
}
