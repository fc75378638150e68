/* SPDX-License-Identifier: GPL-2.0 */
/* The explored program as a fork server: one request, one run. */
#ifndef ONCPU_EXPLORE_SERVER_H
#define ONCPU_EXPLORE_SERVER_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "explore/shared.h"

struct server {
	struct shared *shm;
	pid_t pid;
	int request, answer, output; /* output: a memory file with what the program prints, or -1 */
};

int server_start(struct server *s, const char *program, char *const *argv, bool catch_output,
		 char *why, size_t size);
/* One run of what s->shm asks for; status as waitpid() tells it. 1: its time was up. */
int server_run(struct server *s, double seconds, int *status);
/* Becomes the command (a debugger), whose child will run the program once under s->shm's request. */
int server_exec(struct server *s, char *const *command);
void server_stop(struct server *s);

#endif
