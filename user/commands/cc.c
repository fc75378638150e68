// SPDX-License-Identifier: GPL-2.0
/* oncpu cc: a compiler whose programs oncpu can explore. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "explore/explore.h"
#include "lib/command.h"

static int usage(FILE *f)
{
	fprintf(f, "Usage: oncpu cc [--cc COMPILER] ARGUMENT...\n"
		   "Compile and link as gcc or clang would, for 'oncpu explore'. COMPILER: default "
		   "$CC, "
		   "else gcc.\n\n"
		   "  oncpu cc -o prog a.c b.c        make CC='oncpu cc'\n");
	return f == stderr ? EXIT_USAGE : EXIT_OK;
}

static int run(int argc, char **argv)
{
	const char *cc = getenv("CC");
	char **command, why[512];

	if (!cc || !*cc || strchr(cc, ' '))
		cc = "gcc"; /* $CC is this very command */
	argc--;
	argv++;
	if (argc > 1 && !strcmp(argv[0], "--cc")) {
		cc = argv[1];
		argc -= 2;
		argv += 2;
	}
	if (!argc || !strcmp(argv[0], "--help"))
		return usage(argc ? stdout : stderr);
	if (explore_compiler_command(cc, argv, &command, why, sizeof(why))) {
		fprintf(stderr, "oncpu cc: %s\n", why);
		return EXIT_ENVIRON;
	}
	execvp(command[0], command);
	fprintf(stderr, "oncpu cc: %s: %s: install it, or name another by --cc\n", cc,
		strerror(errno));
	return EXIT_ENVIRON;
}

ONCPU_COMMAND(cc, { .name = "cc",
		    .args = "[--cc COMPILER] ARGUMENT...",
		    .help = "compile a program so that 'oncpu explore' can take it",
		    .run = run });
