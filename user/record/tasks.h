/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The tasks that are alive, from /proc.
 */
#ifndef ONCPU_RECORD_TASKS_H
#define ONCPU_RECORD_TASKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct task {
	pid_t tid, tgid, ppid;
	char state;
	char comm[64];
};

/*
 * All tasks, or with threads = false one a process, in /proc's order. Those that come and go in
 * the meantime may be in it or not. 0, or -errno; free(*out).
 */
int tasks_scan(struct task **out, size_t *n, bool threads);

/*
 * The tids of all threads of these processes and of their descendants, as they are now. 0, or
 * -errno; free(*tids).
 */
int tasks_tree(const pid_t *pids, size_t nr_pids, uint32_t **tids, size_t *n);

/*
 * Kills all children of this process but one, and theirs, and waits for their end. With
 * PR_SET_CHILD_SUBREAPER that is everything an ended child left behind. Returns how many lived.
 */
size_t tasks_kill_children(pid_t except);

#endif
