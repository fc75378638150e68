/* SPDX-License-Identifier: GPL-2.0 */
/*
 * One recording: what an open /dev/oncpu stands for, and what every probe gets as its data.
 */
#ifndef ONCPU_MODULE_RECORDING_H
#define ONCPU_MODULE_RECORDING_H

#include <linux/bits.h>
#include <linux/mutex.h>
#include <linux/types.h>

#include "filter.h"
#include "flights.h"
#include "ring.h"
#include "stack.h"

struct oncpu_recording {
	struct mutex lock; /* guards running, and the way to rings */
	bool running;
	bool open;		    /* for records; changed with running, read without the lock */
	bool futex_attached;	    /* oncpu_futex_attach(); changed with running */
	struct oncpu_chosen chosen; /* before rings */
	u8 stacks_at_futex, stacks_at_switch; /* ONCPU_STACK_*; likewise */
	struct oncpu_stacks __percpu *stacks;
	struct oncpu_flights flights; /* of block requests */
	/* Set once, when all else is, and released to those who look without the lock. */
	struct oncpu_rings *rings;
};

static inline bool oncpu_records(const struct oncpu_recording *rec, unsigned int type)
{
	return oncpu_rings_want(rec->rings, type);
}

/*
 * Write a record, in any context but NMI: one that is about the CPU, or that somebody wants; one
 * that is about current alone; one that is about current and another task, or the other alone.
 */
void oncpu_record(struct oncpu_recording *rec, const struct oncpu_record *r);
void oncpu_record_current(struct oncpu_recording *rec, const struct oncpu_record *r);
void oncpu_record_of(struct oncpu_recording *rec, const struct oncpu_record *r,
		     struct task_struct *other);

#endif
