/* SPDX-License-Identifier: GPL-2.0 */
#ifndef GATE_H
#define GATE_H

/*
 * Yours, all of it. A gate lets at most so many threads be inside at once. Who comes when all
 * permits are taken sleeps in gate_enter() until one is given back.
 */
struct gate;

struct gate *gate_new(int permits); /* at least 1; there may be several gates at once */
void gate_enter(struct gate *g);    /* by any number of threads at once */
void gate_leave(struct gate *g);    /* by a thread that is inside */
void gate_free(struct gate *g);	    /* nobody is inside or waits, and nobody will come */

#endif
