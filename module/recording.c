// SPDX-License-Identifier: GPL-2.0
/*
 * The way of every record: who wants it, on which CPU, then the ring.
 */
#include <linux/preempt.h>
#include <linux/sched.h>

#include "recording.h"

void oncpu_record(struct oncpu_recording *rec, const struct oncpu_record *r)
{
	/* Or else the CPU that was asked for and the ring's could be two. */
	preempt_disable_notrace();
	if (READ_ONCE(rec->open) && oncpu_chosen_here(&rec->chosen))
		oncpu_rings_write(rec->rings, r);
	preempt_enable_notrace();
}

void oncpu_record_current(struct oncpu_recording *rec, const struct oncpu_record *r)
{
	if (oncpu_chosen_has_above(&rec->chosen, current))
		oncpu_record(rec, r);
}

void oncpu_record_of(struct oncpu_recording *rec, const struct oncpu_record *r,
		     struct task_struct *other)
{
	if (oncpu_chosen_has(&rec->chosen, current) || oncpu_chosen_has(&rec->chosen, other))
		oncpu_record(rec, r);
}
