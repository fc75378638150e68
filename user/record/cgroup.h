/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Control groups of the unified hierarchy (v2): to record one, and to keep a target in one.
 */
#ifndef ONCPU_RECORD_CGROUP_H
#define ONCPU_RECORD_CGROUP_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/*
 * The kernel's id of the group at path: absolute, or from the root of the hierarchy. 0, or -errno
 * with a sentence in why.
 */
int cgroup_id(const char *path, uint64_t *id, char *why, size_t why_size);

/*
 * A group for the target, below the recorder's own. *fd: its folder; -errno where there is none
 * to be had (no v2 hierarchy, not ours to write), which is no fault: the target then lives without.
 */
int cgroup_make(int *fd);

/* The folder of a process's group, where that is another than ours. -1: it is not, or not known. */
int cgroup_open(pid_t pid);

int cgroup_add(int fd, pid_t pid);

/* How many processes live in it and below. For these three fd < 0 is fine. */
size_t cgroup_count(int fd);

/* Kills all of them at once, also those that are being forked. They die soon, not yet. */
int cgroup_kill(int fd);

/* Removes the folder, where nobody is left in it, and closes fd. */
void cgroup_remove(int fd);

#endif
