/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A subcommand of oncpu: one file in user/commands/, registered where it is defined, so that no
 * list of them is kept by hand. run() gets argv[0] = "oncpu NAME" (argp prints it), parses with
 * argp, may print, and returns an exit status. Nothing else in user/ prints or exits.
 */
#ifndef ONCPU_LIB_COMMAND_H
#define ONCPU_LIB_COMMAND_H

enum exit_status {
	EXIT_OK = 0,
	EXIT_FAILED = 1, /* the check failed */
	EXIT_USAGE = 2,	 /* wrong options or arguments */
	EXIT_ENVIRON =
		3, /* inconclusive, or this machine lacks something: said on stderr, with the mend */
	EXIT_SKIPPED = 4,
};

struct command {
	const char *name;
	const char *args; /* "FILE [--json]", for the list of commands */
	const char *help; /* one line, no full stop */
	int (*run)(int argc, char **argv);
};

#define ONCPU_COMMAND(ident, ...)                                  \
	static const struct command command_##ident = __VA_ARGS__; \
	static const struct command *const command_##ident##_entry \
		__attribute__((used, section("oncpu_commands"))) = &command_##ident

#endif
