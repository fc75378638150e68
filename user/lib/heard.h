/* SPDX-License-Identifier: GPL-2.0 */
/*
 * To be heard among hundreds of runnable tasks, and not to weigh on the few that there usually are.
 *
 * A task of nice -20 weighs as much as 87 of nice 0, also where it runs 1 % of the time: its CPU looks full
 * to the load balancer, which then moves nothing to it. (Seen, three hogs on two CPUs: 60 moves in
 * 8 s unrecorded and beside a recorder of nice 0, 3 beside one of nice -20.) A task of a real-time class
 * weighs nothing, but it comes back on the CPU that it had, whoever runs there, where others are idle.
 */
#ifndef ONCPU_LIB_HEARD_H
#define ONCPU_LIB_HEARD_H

/* To be called at each look at something: once it waits too long for a CPU, this process becomes nice -20. */
void stay_heard(void);

#endif
