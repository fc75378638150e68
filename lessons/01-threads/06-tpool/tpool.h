/* SPDX-License-Identifier: GPL-2.0 */
#ifndef TPOOL_H
#define TPOOL_H

/*
 * Yours, all of it. A pool of threads that wait for tasks and run them. There are never more threads
 * than workers, however many tasks there are.
 */
struct tpool;

struct tpool *tpool_create(int workers); /* at least 1 */

/*
 * The pool will call task(arg) once, in a thread of its own. Returns at once, without waiting for it:
 * 0, or -1 where there is no memory. Called by any thread, also by a task.
 */
int tpool_submit(struct tpool *p, void (*task)(void *), void *arg);

/* Returns when all tasks that were submitted, also by tasks, have ended. Then more may be submitted. */
void tpool_wait(struct tpool *p);

/* Runs what is still to be run, ends the threads, and frees the pool. */
void tpool_destroy(struct tpool *p);

#endif
