/* SPDX-License-Identifier: GPL-2.0 */
/* The few facts that fit on one screen, picked from a model. Pure, as the model is. */
#ifndef ONCPU_MODEL_SUMMARY_H
#define ONCPU_MODEL_SUMMARY_H

#include "model/model.h"

#define SUMMARY_WAITS  5
#define SUMMARY_WAKERS 5

struct summary_wait {
	const struct thread *thread;
	const struct interval *interval;
};

struct summary_waker {
	uint32_t tid; /* 0: interrupts */
	uint64_t nr_wakeups;
};

struct summary {
	size_t nr_threads, nr_others; /* of the target; others that ran */
	unsigned int nr_cpus;	      /* where the target ran */
	uint64_t ran_ns, others_ns;
	uint64_t unknown_ns; /* of the target's lives */
	uint64_t overlap_ns; /* with two or more of its threads on CPUs */
	size_t nr_waits;     /* the longest of the target's threads, longest first */
	struct summary_wait waits[SUMMARY_WAITS];
	size_t nr_wakers; /* who woke the target's threads most often */
	struct summary_waker wakers[SUMMARY_WAKERS];
};

/* What a thread did off its CPU without wanting one. */
uint64_t summary_slept_ns(const struct thread *t);

/* 0 or -ENOMEM. Points into m. */
int summary_make(struct summary *s, const struct model *m);

#endif
