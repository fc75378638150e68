/* SPDX-License-Identifier: GPL-2.0 */
/* `oncpu check EX` as a child beside us: begun, ended early, waited for. */
#ifndef ONCPU_COMMANDS_CHECKING_H
#define ONCPU_COMMANDS_CHECKING_H

#include <stdbool.h>
#include <sys/types.h>

#include "commands/loop.h"

struct checking {
	pid_t pid; /* 0: none runs */
};

/* 0 or -errno. One at a time. */
int checking_begin(struct checking *k, const struct loop *l, const struct exercise *e);
/* Whether it has come to its end meanwhile, with that exit status: of a shell's kind, 128 + signal. */
/* The same for another command of oncpu: argv[1] is its name. out: where its standard output and error
 * go; -1: ours. */
int checking_begin_as(struct checking *k, const struct course *c, char **argv, int out);
bool checking_ended(struct checking *k, int *status);
/* Ends it now, with all that it started. Nothing happens where none runs. */
void checking_stop(struct checking *k);

/* Runs this command itself with other arguments (argv[0] is free), waits, and returns its status. */
int checking_run_self(char **argv);

#endif
