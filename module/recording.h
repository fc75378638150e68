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
#include "ring.h"

struct oncpu_recording {
	struct mutex lock; /* guards running, and the way to rings */
	bool running;
	struct oncpu_chosen chosen; /* before rings */
	struct oncpu_rings
		*rings; /* set once, when all else is: released to those without the lock */
};

static inline bool oncpu_records(const struct oncpu_recording *rec, unsigned int type)
{
	return oncpu_rings_want(rec->rings, type);
}

/* Writes a record that is about the CPU, or that somebody wanted. Any context but NMI. */
void oncpu_record(struct oncpu_recording *rec, const struct oncpu_record *r);

/* ... if anybody wants it: its subject, or another task (may be NULL) that it names. */
void oncpu_record_of(struct oncpu_recording *rec, const struct oncpu_record *r,
		     struct task_struct *subject, struct task_struct *other);

#endif
