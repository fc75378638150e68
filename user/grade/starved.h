/* SPDX-License-Identifier: GPL-2.0 */
/*
 * How much of its CPUs a guest gets. What its host takes from an emulated machine it cannot see: a
 * thread on a CPU that stands still looks busy. So it is measured, by known work.
 */
#ifndef ONCPU_GRADE_STARVED_H
#define ONCPU_GRADE_STARVED_H

/* Some 30 ms of work on each CPU at once: how many times longer than its usual piece the average one
 * took. 1: nobody interfered. Not less than 1; 0: it could not be measured. */
double starved(void);

/* Above this a look at times says nothing. */
#define STARVED_MOST 1.5

#endif
