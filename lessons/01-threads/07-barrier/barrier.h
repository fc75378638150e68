/* SPDX-License-Identifier: GPL-2.0 */
#ifndef BARRIER_H
#define BARRIER_H

/*
 * Yours, all of it, and not by pthread_barrier_t, which would be the same thing ready-made. A barrier
 * is where threads wait for each other, again and again: the nth time, none goes on before all have
 * come the nth time.
 */
struct barrier;

struct barrier *barrier_new(int threads); /* at least 1; there may be several barriers at once */

/* Called by each of the threads in each phase. `me`, from 0 to threads - 1, is for who needs it. */
void barrier_wait(struct barrier *b, int me);

void barrier_free(struct barrier *b); /* all have come back from barrier_wait() */

#endif
