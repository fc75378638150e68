/* SPDX-License-Identifier: GPL-2.0 */
/* Whom a program of the learner's runs as: an ordinary user, within a fence. */
#ifndef ONCPU_LIB_IDENTITY_H
#define ONCPU_LIB_IDENTITY_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#define IDENTITY_DEFAULT_USER "learner"

struct identity {
	bool change, fenced;
	uid_t uid;
	gid_t gid;
	char name[64], home[256];
};

/* user: NULL: IDENTITY_DEFAULT_USER where we are root and that user exists, else as we are.
 * 0 or -errno with a sentence in why. */
int identity_choose(struct identity *id, const char *user, char *why, size_t why_size);
/* For a child before its exec. 0 or -errno. */
int identity_become(const struct identity *id);

#endif
