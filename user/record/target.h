/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The target: the command that is recorded. It is forked stopped, so that the recorders run
 * before its first instruction, and lives in a process group of its own, and where there are
 * control groups (v2) in one of those, so that whatever it starts can be ended at once.
 */
#ifndef ONCPU_RECORD_TARGET_H
#define ONCPU_RECORD_TARGET_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct target {
	pid_t pid;
	int go;		/* write end: one byte lets it run */
	int exec_err;	/* read end: errno of a failed exec, or end of file */
	int terminal;	/* the terminal it was given; -1: none */
	int group;	/* its control group; -1: none */
	size_t nr_left; /* processes that were killed in it */
};

#define TARGET_NONE { .go = -1, .exec_err = -1, .terminal = -1, .group = -1 }

struct target_end {
	int code;   /* exit status; -1: it was killed */
	int signal; /* that killed it, or 0 */
};

/*
 * user: whom to run it as; NULL: IDENTITY_DEFAULT_USER where we are root and that user exists, else
 * as we are. -errno with a sentence in why.
 */
int target_fork(struct target *t, char *const *argv, const char *user, char *why, size_t why_size);

/* Lets it run. 0, or the -errno that its exec failed with. */
int target_release(struct target *t);

/*
 * Looks whether it ended, without waiting: 1 and *end, or 0. It stays a zombie until
 * target_bury(), so that its process group is still its own.
 */
int target_ended(struct target *t, struct target_end *end);

void target_signal(const struct target *t, int sig);

/*
 * Once it ended: kills what it left in its control group. Before the recorders are stopped, since
 * that waits for every task to be scheduled, which under a fork bomb is for ever.
 */
void target_kill_left(struct target *t);

/* Kills what it left behind and buries it. Returns how many processes it left, the above included. */
size_t target_bury(struct target *t);

#endif
