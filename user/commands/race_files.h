/* SPDX-License-Identifier: GPL-2.0 */
/* The files of a race: a trace a run, and what the workload prints. What nobody asked for goes at the end. */
#ifndef ONCPU_COMMANDS_RACE_FILES_H
#define ONCPU_COMMANDS_RACE_FILES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct race_files {
	char folder[4096];
	bool keep; /* the folder was asked for */
	char **paths;
	size_t n;
	int output;    /* what the run that goes on printed: a file in memory */
	int stdout_fd; /* ours, meanwhile */
};

/* folder: made if need be; NULL: one that goes again. 0 or -errno with why. */
int race_files_begin(struct race_files *f, const char *folder, char *why, size_t why_size);
void race_files_end(struct race_files *f);

/* The path of that run's trace, valid until the end. NULL: no memory. */
const char *race_files_add(struct race_files *f, const char *name, unsigned int run);

/* Between these two, what is written to standard output does not come to be seen. 0 or -errno. */
int race_files_hush(struct race_files *f);
void race_files_unhush(struct race_files *f);
void race_files_tell_output(const struct race_files *f, FILE *to);

#endif
